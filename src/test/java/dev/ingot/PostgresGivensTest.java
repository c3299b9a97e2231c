package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Values of givens in the SQL of PostgreSQL. */
class PostgresGivensTest {

  private final Server server = Server.shared();
  private final Client client = server.client();
  private final TestDatabase database = TestPostgres.database();
  private final String project = "/api/v0/projects/" + server.project();

  @BeforeEach
  void begin() {
    database.execute("CREATE TABLE people (name text); INSERT INTO people VALUES ('ann'), ('bob')");
    client.post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(server.project())).expect(201);
    client.post(project + "/connections", database.connection("warehouse")).expect(201);
  }

  @AfterEach
  void end() {
    client.delete(project + "?stop=true").expect(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "' OR '1'='1",
        "\\' OR 1=1 --",
        "\\\\' OR 1=1 --",
        "\n\\' OR 1=1 --",
        "'); DROP TABLE people; --",
        "$$; SELECT 1; $$",
        "ʼ’＇\u2028😀",
        "%s"
      })
  void aHostileValueOfAGivenIsATextInItsSql(String text) {
    PackageFiles.create(server.packageFolder("shop"))
        .file(
            "shop.malloy",
            """
            ##! experimental.givens
            given: WHO :: string
            source: people is warehouse.table('public.people')
            """);
    PackageApi shop = server.register("shop");
    String givens = JsonMapper.shared().writeValueAsString(Map.of("WHO", text));

    assertThat(
            shop.query(
                    "shop.malloy",
                    "run: people -> { where: name = $WHO; aggregate: n is count() }",
                    givens)
                .expect(200)
                .rows()
                .toString())
        .isEqualTo("[{\"n\":0}]");
    assertThat(
            shop.query(
                    "shop.malloy",
                    "run: people -> { where: name = 'bob'; select: is_it is $WHO }",
                    givens)
                .expect(200)
                .rows()
                .get(0)
                .path("is_it")
                .asString())
        .isEqualTo(text);
  }
}
