package dev.ingot;

import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.SharedServers;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Three servers of one project that has a connection to PostgreSQL. */
class SharedPostgresTest {

  private static final String MODEL =
      """
      #@ persist name="by_customer"
      source: by_customer is warehouse.table('public.orders') -> {
        group_by: customer; aggregate: total is amount.sum()
      }
      """;
  private static final String QUERY = "run: by_customer -> { select: *; order_by: customer }";

  @TempDir static Path folder;
  private static SharedServers servers;
  private static TestDatabase database;

  @BeforeAll
  static void start() {
    database = TestPostgres.database();
    database.execute(
        """
        CREATE TABLE orders (customer text, amount int);
        INSERT INTO orders VALUES ('ann', 1), ('bob', 2)
        """);
    servers = SharedServers.over(folder);
    for (int i = 0; i < 3; i++) {
      servers
          .start(
              "ingot.follow-manifest=true",
              "ingot.retention.min-age=0s",
              "ingot.retention.versions=1")
          .client()
          .post("/api/v0/projects/p/connections", database.connection("warehouse"))
          .expect(201);
    }
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @Test
  void whateverServerBuildsAllAnswerFromItAndOneCleansUp() {
    List<PackageApi> on = servers.register("shop", MODEL);
    JsonNode live = on.getFirst().rows("orders.malloy", QUERY);

    for (int builder = 0; builder < 3; builder++) {
      assertThat(on.get(builder).build("{\"forceRefresh\":true}").path("status").asString())
          .isEqualTo("SUCCESS");
      JsonNode table = materialized(on.get(builder));
      for (PackageApi each : on) {
        Wait.until("all follow", () -> materialized(each).equals(table));
        assertThat(each.rows("orders.malloy", QUERY)).isEqualTo(live);
      }
    }
    assertThat(what(on.getFirst().buildOk())).containsExactly("by_customer REUSED UNCHANGED");
    Wait.until("what nobody serves is gone", () -> own("by_customer").size() == 2);
    assertThat(database.column("SELECT total FROM by_customer ORDER BY 1"))
        .containsExactly("1", "2");

    servers.server(2).client().delete(on.get(2).path()).expect(204);
    assertThat(own("by_customer")).hasSize(2);
    servers.server(0).client().delete(on.get(0).path() + "?dropTables=true").expect(204);
    Wait.until("its tables are gone", () -> own("by_customer").isEmpty());
  }

  /** The tables and views of Ingot whose names begin so. */
  private static List<String> own(String name) {
    return database.column(
        "SELECT relname FROM pg_class WHERE obj_description(oid, 'pg_class') LIKE 'ingot %%' AND relname LIKE '%s%%'"
            .formatted(name));
  }

  private static JsonNode materialized(PackageApi of) {
    return of.query("orders.malloy", QUERY).expect(200).json().path("materialized");
  }

  @Test
  void oneOfThreeThatStartTogetherBuilds() {
    List<PackageApi> on = servers.register("raced", MODEL.replace("by_customer", "raced"));
    List<String> ids = on.stream().map(one -> one.create("{}")).toList();

    List<Integer> answers =
        IntStream.range(0, 3)
            .parallel()
            .mapToObj(i ->
                servers
                    .server(i)
                    .client()
                    .post(on.get(i).path() + "/materializations/" + ids.get(i) + "/start")
                    .status())
            .toList();

    assertThat(answers).containsOnlyOnce(202).contains(409);
    on.getFirst().await(ids.get(answers.indexOf(202)));
    Wait.until("there is one table and its view", () -> own("raced").size() == 2);
  }
}
