package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Certificates;
import dev.ingot.testing.Client;
import dev.ingot.testing.OwnPostgres;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.ServerCertificate;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Encrypted connections to a PostgreSQL whose certificate is for {@code localhost} alone. */
class PostgresTlsTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String NAMED = "localhost";
  private static final String UNNAMED = "127.0.0.1";

  @TempDir static Path folder;
  private static OwnPostgres encrypted;
  private static OwnPostgres plain;
  private static ServerCertificate certificate;

  private final Server server = Server.shared();
  private final Client client = server.client();

  @BeforeAll
  static void start() {
    certificate = ServerCertificate.of(folder, NAMED);
    plain = TestPostgres.own();
    encrypted = TestPostgres.own();
    encrypted.encrypt(certificate);
    Wait.until("it encrypts", () -> encrypted.database().column("SHOW ssl").contains("on"));
  }

  @AfterAll
  static void stop() throws IOException {
    plain.close();
    encrypted.close();
  }

  private static String connection(
      TestDatabase database, String host, String mode, @Nullable String root) {
    var settings =
        new HashMap<String, Object>(
            Map.of(
                "host", host,
                "port", database.port(),
                "databaseName", database.name(),
                "userName", database.user(),
                "password", database.password(),
                "sslmode", mode));
    if (root != null) {
      settings.put("sslRootCertificate", root);
    }
    return JSON.writeValueAsString(
        Map.of("name", "warehouse", "type", "postgres", "postgresConnection", settings));
  }

  @Test
  void aServerThatIsTheOneItSaysIsUsed() {
    TestDatabase database = encrypted.database();
    database.execute(
        "CREATE TABLE orders (customer text, amount int); INSERT INTO orders VALUES ('ann', 3)");
    String project = "/api/v0/projects/" + server.project();
    client.post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(server.project())).expect(201);
    Answer created =
        client
            .post(
                project + "/connections",
                connection(database, NAMED, "verify-full", certificate.root()))
            .expect(201);
    PackageFiles.create(server.packageFolder("shop"))
        .model(
            "shop.malloy",
            """
            #@ persist
            source: totals is warehouse.table('public.orders') -> {
              group_by: customer; aggregate: total is amount.sum()
            }
            """);
    PackageApi shop = server.register("shop");

    JsonNode run = shop.buildOk();

    assertThat(shop.rows("shop.malloy", "run: totals -> { select: * }").toString())
        .isEqualTo("[{\"customer\":\"ann\",\"total\":3}]");
    assertThat(
            database.column(
                """
                SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                WHERE application_name LIKE 'ingot/%'
                """))
        .containsExactly("t");
    assertThat(created.text() + run + client.get(project + "/connections").text())
        .doesNotContain(database.password());
    client.delete(project + "?stop=true").expect(204);
  }

  @ParameterizedTest
  @CsvSource({
    "require, 127.0.0.1, ",
    "verify-ca, 127.0.0.1, right",
    "verify-full, localhost, right",
  })
  void whatTheModeAsksForIsEnough(String mode, String host, @Nullable String root) {
    JsonNode tried =
        test(
            connection(encrypted.database(), host, mode, root == null ? null : certificate.root()));

    assertThat(tried.path("errorMessage").isNull()).as(tried.toString()).isTrue();
    assertThat(tried.path("status").asString()).isEqualTo("ok");
  }

  @ParameterizedTest
  @CsvSource({"verify-full, localhost", "verify-ca, 127.0.0.1"})
  void aServerOfAnotherRootIsRefused(String mode, String host) {
    refused(
        connection(encrypted.database(), host, mode, Certificates.ROOT),
        "its certificate isn't signed by a root certificate of the connection");
  }

  @Test
  void aServerOfAnotherNameIsRefused() {
    refused(
        connection(encrypted.database(), UNNAMED, "verify-full", certificate.root()),
        "127.0.0.1 could not be verified");
  }

  @ParameterizedTest
  @CsvSource({"require, ", "verify-full, right"})
  void aServerWithoutTlsIsRefused(String mode, @Nullable String root) {
    refused(
        connection(plain.database(), NAMED, mode, root == null ? null : certificate.root()),
        "The server does not support SSL");
  }

  private JsonNode test(String body) {
    Answer answer = client.post("/api/v0/connections/test", body).expect(200);
    assertThat(answer.text()).doesNotContain("secret_");
    return answer.json();
  }

  private void refused(String body, String why) {
    JsonNode tried = test(body);

    assertThat(tried.path("status").asString()).isEqualTo("failed");
    assertThat(tried.path("errorMessage").asString())
        .contains(why)
        .doesNotContain("sun.security", "Exception");
  }
}
