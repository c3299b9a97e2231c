package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionStore;
import dev.ingot.project.PostgresSettings;
import dev.ingot.project.ProjectName;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Certificates;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Connections over HTTP: what they take, what they show, and what they never show. */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionApiTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SECRET = "s3cr3t-canary";
  private static final String TEST = "/api/v0/connections/test";

  private final Server server = Server.shared();
  private final Client client = server.client();
  private final String project = "/api/v0/projects/" + server.project();
  private final String connections = project + "/connections";
  private final String warehouse = connections + "/warehouse";

  /** All that was answered. */
  private final List<Answer> answers = new ArrayList<>();

  @BeforeEach
  void begin() {
    client.post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(server.project())).expect(201);
  }

  @AfterEach
  void noAnswerHadASecret(CapturedOutput output) {
    answers.add(client.get(connections));
    answers.add(client.get("/api/v0/status"));
    client.delete(project).expect(204);
    assertThat(answers).noneSatisfy(answer -> assertThat(answer.text()).contains(SECRET));
    assertThat(output.getAll()).doesNotContain(SECRET);
  }

  private Answer said(Answer answer) {
    answers.add(answer);
    return answer;
  }

  private static String body(Map<String, ?> settings) {
    return JSON.writeValueAsString(
        Map.of("name", "warehouse", "type", "postgres", "postgresConnection", settings));
  }

  private static String changed(String settings) {
    return "{\"postgresConnection\":{" + settings.replace('\'', '"') + "}}";
  }

  private JsonNode create(Map<String, ?> settings) {
    return said(client.post(connections, body(settings))).expect(201).json();
  }

  private JsonNode patch(String settings) {
    return said(client.patch(warehouse, changed(settings)))
        .expect(200)
        .json()
        .path("postgresConnection");
  }

  private static Map<String, Object> simple() {
    return Map.of(
        "host", "nowhere.invalid", "databaseName", "d", "userName", "u", "password", SECRET);
  }

  private static Map<String, Object> whole() {
    return Map.of(
        "host", "nowhere.invalid",
        "port", 6000,
        "databaseName", "d",
        "userName", "u",
        "password", SECRET,
        "schema", "tables",
        "sslmode", "verify-full",
        "sslRootCertificate", Certificates.ROOT,
        "fingerprint", "one",
        "properties", Map.of("connectTimeout", "5"));
  }

  private PostgresSettings stored() {
    var key = new ConnectionKey(new ProjectName(server.project()), "warehouse");
    return (PostgresSettings) server.bean(ConnectionStore.class).find(key).orElseThrow().settings();
  }

  @Test
  void aConnectionIsCreatedWithoutItsDatabaseAndShownWithoutItsSecrets() {
    Answer created = said(client.post(connections, body(whole()))).expect(201);

    assertThat(created.header("Location")).isEqualTo(warehouse);
    assertThat(said(client.get(warehouse)).expect(200).json()).isEqualTo(created.json());
    String expected =
        """
        {"resource":"%s","name":"warehouse","type":"postgres","postgresConnection":{
         "host":"nowhere.invalid","port":6000,"databaseName":"d","userName":"u","password":"***",
         "schema":"tables","sslmode":"verify-full",
         "sslRootCertificate":%s,"fingerprint":"one",
         "properties":{"connectTimeout":"5"}},"duckdbConnection":null}
        """
            .formatted(warehouse, JSON.writeValueAsString(Certificates.ROOT));
    assertThat(created.json()).isEqualTo(JSON.readTree(expected));
    for (JsonNode all :
        List.of(
            client.get(connections).expect(200).json(),
            said(client.get(project)).expect(200).json().path("connections"))) {
      assertThat(all.valueStream())
          .extracting(one -> one.path("name").asString())
          .containsExactly("duckdb", "warehouse");
    }
    assertThat(client.get(connections + "/duckdb").expect(200).json().path("type").asString())
        .isEqualTo("duckdb");
  }

  @Test
  void aConnectionIsDeletedAndItsNameIsFree() {
    create(simple());

    client.delete(warehouse).expect(204);
    Refusal.check(client.get(warehouse), 404, "connection_not_found", connections);
    Refusal.check(client.delete(warehouse), 404, "connection_not_found");
    create(whole());
  }

  @Test
  void aConnectionStringIsReadAndForgotten() {
    String url =
        "postgresql://u%%40x:%s@nowhere.invalid/d?sslmode=require&connectTimeout=5"
            .formatted(SECRET);

    JsonNode shown = create(Map.of("connectionString", url)).path("postgresConnection");

    assertThat(shown.path("connectionString").isMissingNode()).isTrue();
    assertThat(shown.path("userName").asString()).isEqualTo("u@x");
    assertThat(shown.path("port").asInt()).isEqualTo(5432);
    assertThat(shown.path("sslmode").asString()).isEqualTo("require");
    assertThat(shown.at("/properties/connectTimeout").asString()).isEqualTo("5");
    assertThat(stored().password()).isEqualTo(SECRET);
    patch("'connectionString':'postgres://v:other@elsewhere.invalid/e'");
    assertThat(stored().toString()).isEqualTo("v@elsewhere.invalid:5432/e");
    assertThat(stored().password()).isEqualTo("other");
    assertThat(stored().sslMode()).as("it says nothing of that").isEqualTo("require");
  }

  @Test
  void whatIsShownMayBeSentBackAndChangesNothing() {
    create(whole());
    PostgresSettings before = stored();

    JsonNode shown = client.get(warehouse).json();
    String again =
        JSON.writeValueAsString(
            Map.of(
                "name", "warehouse",
                "type", "postgres",
                "postgresConnection", shown.path("postgresConnection")));
    assertThat(said(client.patch(warehouse, again)).expect(200).json()).isEqualTo(shown);
    assertThat(said(client.patch(warehouse, "{}")).expect(200).json()).isEqualTo(shown);

    assertThat(stored()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'schema':null | schema",
        "'sslmode':null,'sslRootCertificate':null | sslRootCertificate",
        "'fingerprint':null | fingerprint",
        "'sslmode':null,'sslRootCertificate':null | sslmode",
      })
  void nullClearsWhatMayBeNone(String settings, String field) {
    create(whole());

    JsonNode shown = patch(settings);

    assertThat(shown.path(field).isNull()).isTrue();
    assertThat(shown.path("port").asInt()).isEqualTo(6000);
    assertThat(stored().password()).isEqualTo(SECRET);
  }

  @Test
  void absentKeepsAndAValueReplaces() {
    create(whole());

    JsonNode shown =
        patch(
            "'properties':null,'host':null,'password':null,'port':6001,"
                + "'databaseName':'d','userName':'u','password':'new'");

    assertThat(shown.path("properties")).isEmpty();
    assertThat(shown.path("port").asInt()).isEqualTo(6001);
    assertThat(shown.path("host").asString()).isEqualTo("nowhere.invalid");
    assertThat(shown.path("sslmode").asString()).isEqualTo("verify-full");
    assertThat(stored().password()).isEqualTo("new");
    assertThat(patch("'password':''").path("password").isNull()).isTrue();
    assertThat(stored().password()).isEmpty();
  }

  @Test
  void aConnectionIsTriedBeforeItIsCreatedAndAfter() {
    var unreachable =
        Map.of(
            "host", "127.0.0.1",
            "port", 1,
            "databaseName", "d",
            "userName", "u",
            "password", SECRET);

    JsonNode before = said(client.post(TEST, body(unreachable))).expect(200).json();
    assertThat(before.path("status").asString()).isEqualTo("failed");
    assertThat(before.path("errorMessage").asString()).isNotBlank();
    create(unreachable);
    for (String known :
        List.of(
            "{\"projectName\":\"%s\",\"name\":\"warehouse\"}",
            "{\"projectName\":\"%s\",\"name\":\"warehouse\",\"postgresConnection\":{\"password\":\"***\"}}",
            "{\"projectName\":\"%s\",\"name\":\"warehouse\",\"postgresConnection\":{\"schema\":\"x\"}}")) {
      assertThat(said(client.post(TEST, known.formatted(server.project()))).expect(200).json())
          .as(known)
          .isEqualTo(before);
    }
    Refusal.check(
        client.post(TEST, "{\"projectName\":\"%s\",\"name\":\"x\"}".formatted(server.project())),
        404,
        "connection_not_found");
    Refusal.check(
        client.post(TEST, "{\"projectName\":\"none\",\"name\":\"x\"}"), 404, "project_not_found");
  }

  @Test
  void aProjectIsCreatedWithItsConnectionsOrNotAtAll() {
    String other = server.project() + "-other";
    String path = "/api/v0/projects/" + other;
    String whole =
        "{\"name\":\"%s\",\"connections\":[%s],\"packages\":[{\"name\":\"a\",\"location\":\"%s\"}]}";
    PackageFiles.create(server.packageFolder("a")).model("m.malloy", "");

    Refusal.check(
        said(client.post("/api/v0/projects", whole.formatted(other, body(simple()), "none/such"))),
        400,
        "invalid_location");
    client.get(path).expect(404);
    JsonNode created =
        said(client.post(
                "/api/v0/projects",
                whole.formatted(other, body(simple()), server.packageFolder("a"))))
            .expect(201)
            .json();

    assertThat(created.at("/connections/1/postgresConnection/password").asString())
        .isEqualTo("***");
    assertThat(created.path("packages")).hasSize(1);
    client.delete(path).expect(204);
    client.post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(other)).expect(201);
    assertThat(client.get(path + "/connections").json()).as("they went with it").hasSize(1);
    client.delete(path).expect(204);
  }

  @Test
  void whatLiesInADatabaseThatDoesNotAnswerIsNotKnown() {
    create(
        Map.of(
            "host", "127.0.0.1",
            "port", 1,
            "databaseName", "d",
            "userName", "u",
            "password", SECRET));

    Refusal.check(said(client.get(warehouse + "/schemas")), 502, "connection_failed", "warehouse");
  }
}
