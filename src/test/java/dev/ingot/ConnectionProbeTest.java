package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Connections that are tried, and what lies behind those that work. */
class ConnectionProbeTest {

  private static final TestDatabase DATABASE = TestPostgres.database();

  private final Server server = Server.shared();
  private final Client client = server.client();

  private JsonNode test(String body) {
    Answer answer = client.post("/api/v0/connections/test", body).expect(200);
    assertThat(answer.text()).doesNotContain(DATABASE.password());
    return answer.json();
  }

  @Test
  void oneThatWorksIsOk() {
    JsonNode tried = test(DATABASE.connection("w"));

    assertThat(tried.path("status").asString()).isEqualTo("ok");
    assertThat(tried.path("errorMessage").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "password | wrong | it refuses this user or password",
        "userName | nobody_here | it refuses this user or password",
        "databaseName | nothing_here | its server has no such database",
        "host | nowhere.invalid | its host's name isn't known",
        "schema | nowhere | it has no schema 'nowhere' for Ingot's tables",
        "schema | theirs | may not create tables in the schema 'theirs'",
        "sslmode | require | SSL"
      })
  void oneThatDoesNotSaysWhy(String field, String value, String why) {
    DATABASE.asSuperuser("CREATE SCHEMA IF NOT EXISTS theirs");
    String body =
        DATABASE
            .connection("w")
            .replaceFirst("\"%s\":\"[^\"]*\"".formatted(field), "\"dropped\":\"\"")
            .replaceFirst("\"dropped\":\"\"", "\"%s\":\"%s\"".formatted(field, value));
    if (!body.contains("\"%s\":\"%s\"".formatted(field, value))) {
      body = body.replaceFirst("\\}\\}", ",\"%s\":\"%s\"}}".formatted(field, value));
    }

    JsonNode tried = test(body);

    assertThat(tried.path("status").asString()).isEqualTo("failed");
    assertThat(tried.path("errorMessage").asString()).contains(why);
  }

  @Test
  void oneThatNobodyAnswersSaysSo() throws IOException {
    String refused = DATABASE.connection("w").replaceFirst("\"port\":\\d+", "\"port\":1");
    assertThat(test(refused).path("errorMessage").asString())
        .contains("nothing listens at its host and port");

    try (var proxy = FaultyProxy.to(DATABASE.host(), DATABASE.port())) {
      proxy.stall();
      String stalled =
          DATABASE
              .connection("w")
              .replaceFirst("\"port\":\\d+", "\"port\":" + proxy.port())
              .replaceFirst("\\}\\}", ",\"properties\":{\"loginTimeout\":\"1\"}}}");

      assertThat(test(stalled).path("errorMessage").asString()).contains("timed out");
    }
  }

  @Test
  void whatLiesThereCanBeLookedAt() {
    DATABASE.execute(
        """
        CREATE SCHEMA IF NOT EXISTS mart;
        CREATE TABLE IF NOT EXISTS mart."Odd one" (id int, tags text[]);
        CREATE OR REPLACE VIEW mart.shown AS SELECT 1 AS one;
        """);
    DATABASE.asSuperuser("CREATE TABLE IF NOT EXISTS mart.secret (x int)");
    String project = "/api/v0/projects/" + server.project();
    client.post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(server.project())).expect(201);
    client.post(project + "/connections", DATABASE.connection("w")).expect(201);
    String path = project + "/connections/w";

    assertThat(client.get(path + "/schemas").expect(200).text())
        .contains("{\"name\":\"mart\",\"isDefault\":false}")
        .contains("{\"name\":\"public\",\"isDefault\":true}")
        .doesNotContain("pg_catalog", "theirs");
    assertThat(client.get(path + "/tables?schema=mart").expect(200).text())
        .contains("mart.\\\"Odd one\\\"", "\"type\":\"view\"")
        .doesNotContain("secret");
    assertThat(client.get(path + "/tables/mart.%22Odd%20one%22").expect(200).text())
        .contains(
            "{\"name\":\"id\",\"type\":\"integer\"}", "{\"name\":\"tags\",\"type\":\"text[]\"}");
    assertThat(client.get(path + "/tables/mart.nothing").expect(404).code())
        .isEqualTo("table_not_found");
    client.delete(project).expect(204);
  }
}
