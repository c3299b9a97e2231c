package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A project's storage over HTTP: what it takes, what it shows, and when it may be changed. */
@ExtendWith(OutputCaptureExtension.class)
class SharedProjectApiTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String PROJECTS = "/api/v0/projects";
  private static final String SHARED = PROJECTS + "/shared";
  private static final String MODEL =
      "#@ persist\nsource: totals is duckdb.table('data/orders.csv') -> { aggregate: n is count() }";

  @TempDir static Path folder;
  private static Server server;
  private static Client client;
  private static TestDatabase database;

  /** Its tables lie elsewhere, so it is another catalog. */
  private static TestDatabase inBucket;

  @BeforeAll
  static void start() {
    server = Server.start(folder, "ingot.worker-name=first");
    client = server.client();
    database = TestPostgres.database();
    inBucket = TestPostgres.database();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void withoutProjects() {
    client
        .get(PROJECTS)
        .json()
        .valueStream()
        .forEach(
            project -> client.delete(PROJECTS + "/" + project.path("name").asString()).expect(204));
  }

  private static String body(@Nullable Object storage) {
    var fields = new HashMap<String, @Nullable Object>();
    fields.put("name", "shared");
    fields.put("materializationStorage", storage);
    return JSON.writeValueAsString(fields);
  }

  private static Map<String, Object> storage(String url) {
    return Map.of("catalogUrl", url, "dataPath", "file://" + folder.resolve("data"));
  }

  private static Map<String, Object> withBucket() {
    return Map.of(
        "catalogUrl",
        inBucket.url(),
        "dataPath",
        "s3://bucket/prefix",
        "bucket",
        Map.of(
            "accessKeyId",
            "key",
            "secretAccessKey",
            "s3cr3t-1",
            "sessionToken",
            "s3cr3t-2",
            "endpoint",
            "s3.example:9000"));
  }

  @Test
  void aSharedProjectShowsItsStorageWithoutItsSecrets() {
    Answer created = client.post(PROJECTS, body(withBucket())).expect(201);

    for (Answer answer :
        List.of(
            created,
            client.get(SHARED).expect(200),
            client.get(PROJECTS).expect(200),
            client.get("/api/v0/status").expect(200),
            client.get(SHARED + "/workers").expect(200),
            client.get("/health/readiness").expect(200))) {
      assertThat(answer.text()).doesNotContain("s3cr3t", inBucket.password());
    }
    assertThat(created.json().path("warnings")).isEmpty();
    JsonNode shown = client.get(SHARED).json().path("materializationStorage");
    assertThat(shown.path("catalogUrl").asString())
        .isEqualTo(inBucket.url().replace(":" + inBucket.password() + "@", ":***@"));
    assertThat(shown.path("dataPath").asString()).isEqualTo("s3://bucket/prefix");
    assertThat(shown.at("/bucket/accessKeyId").asString()).isEqualTo("key");
    assertThat(shown.at("/bucket/secretAccessKey").asString()).isEqualTo("***");
    assertThat(shown.at("/bucket/sessionToken").asString()).isEqualTo("***");
    assertThat(shown.at("/bucket/useSsl").asBoolean()).isTrue();
  }

  @Test
  void whatIsShownMayBeSentBackAndChangesNothing() {
    client.post(PROJECTS, body(withBucket())).expect(201);
    JsonNode shown = client.get(SHARED).json().path("materializationStorage");

    client.patch(SHARED, "{}").expect(200);
    JsonNode after = client.patch(SHARED, body(shown)).expect(200).json();

    assertThat(after.path("materializationStorage")).isEqualTo(shown);
    assertThat(client.get("/health/readiness").json().at("/details/catalogs/shared/status"))
        .as("it still has the password")
        .isEqualTo(JSON.readTree("\"UP\""));
  }

  @Test
  void aMaskedSecretIsNotSentElsewhere() {
    client.post(PROJECTS, body(withBucket())).expect(201);
    String masked = client.get(SHARED).json().at("/materializationStorage/catalogUrl").asString();

    Refusal.check(
        client.patch(
            SHARED, body(storage(masked.replace("@" + database.host(), "@elsewhere.example")))),
        400,
        "invalid_storage",
        "masked");
    var bucket =
        Map.of("accessKeyId", "key", "secretAccessKey", "***", "endpoint", "elsewhere.example");
    Refusal.check(
        client.patch(
            SHARED,
            body(Map.of("catalogUrl", masked, "dataPath", "s3://bucket/x", "bucket", bucket))),
        400,
        "invalid_storage",
        "masked");
  }

  @Test
  void nullSwitchesAStorageOffAndAnObjectSwitchesItOn() {
    client.post(PROJECTS, body(null)).expect(201);
    assertThat(client.get(SHARED).json().path("materializationStorage").isNull()).isTrue();

    client.patch(SHARED, body(storage(database.url()))).expect(200);
    assertThat(client.get(SHARED).json().path("materializationStorage").isObject()).isTrue();

    client.patch(SHARED, body(null)).expect(200);
    assertThat(client.get(SHARED).json().path("materializationStorage").isNull()).isTrue();
    assertThat(client.get("/health/readiness").json().at("/details/catalogs")).isEmpty();
  }

  @Test
  void aStorageIsNotSwitchedOnWhileAPackageHasTables() {
    client.post(PROJECTS, "{\"name\":\"p\"}").expect(201);
    PackageFiles.orders(server.packageFolder("orders"), MODEL);
    PackageApi orders = server.register("orders");
    orders.buildOk();

    Answer refused = client.patch(PROJECTS + "/p", body("p", storage(database.url())));

    Refusal.check(refused, 409, "storage_refused", "orders", "teardown");
    assertThat(client.get(PROJECTS + "/p").json().path("materializationStorage").isNull()).isTrue();
    assertThat(orders.query("orders.malloy", "run: totals -> { select: * }").json().path("live"))
        .isEmpty();
  }

  @Test
  void aPackageOfASharedProjectIsOnlyLeftUnlessItsTablesAreToGo() {
    client.post(PROJECTS, body(storage(database.url()))).expect(201);
    PackageFiles.orders(server.packageFolder("moving"), MODEL);
    String location = server.packageFolder("moving").toString();
    String registration = JSON.writeValueAsString(Map.of("name", "moving", "location", location));
    client.post(SHARED + "/packages", registration).expect(201);
    var moving = new PackageApi(client, SHARED + "/packages/moving");
    moving.buildOk();

    client.delete(moving.path()).expect(204);
    client.get(moving.path()).expect(404);
    client.post(SHARED + "/packages", registration).expect(201);
    assertThat(moving.manifest().path("version").asLong()).isEqualTo(1);
    assertThat(moving.query("orders.malloy", "run: totals -> { select: * }").json().path("live"))
        .as("its table is still there")
        .isEmpty();

    client.delete(SHARED).expect(204);
    client.post(PROJECTS, body(storage(database.url()))).expect(201);
    client.post(SHARED + "/packages", registration).expect(201);
    assertThat(moving.manifest().path("version").asLong()).isEqualTo(1);

    client.delete(moving.path() + "?dropTables=true").expect(204);
    client.post(SHARED + "/packages", registration).expect(201);
    assertThat(moving.manifest().path("entries")).isEmpty();
  }

  private static String body(String name, Object storage) {
    return JSON.writeValueAsString(Map.of("name", name, "materializationStorage", storage));
  }

  @Test
  void anUnusableCatalogIsAnsweredWithoutSecretsAndNothingIsCreated(CapturedOutput output) {
    String wrongPassword = database.url().replace(":" + database.password() + "@", ":s3cr3t@");
    Map<String, String> reasons =
        Map.of(
            wrongPassword,
            "password",
            database.url(database.host(), 1).replace(database.password(), "s3cr3t"),
            "reached",
            database.url("nowhere.invalid", 5432).replace(database.password(), "s3cr3t"),
            "reached",
            database.url() + "_none",
            "no such database");
    reasons.forEach((url, reason) -> {
      Answer refused = client.post(PROJECTS, body(storage(url)));
      Refusal.check(refused, 503, "catalog_unavailable", "***", reason);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
      assertThat(refused.text()).doesNotContain("s3cr3t", database.password());
    });

    client.get(SHARED).expect(404);
    assertThat(output.getAll()).contains("***").doesNotContain("s3cr3t", database.password());
    client.post(PROJECTS, body(null)).expect(201);
    Refusal.check(
        client.patch(SHARED, body(storage(wrongPassword))), 503, "catalog_unavailable", "password");
    assertThat(client.get(SHARED).json().path("materializationStorage").isNull()).isTrue();
  }

  @Test
  void aUserThatMayNotCreateSchemasIsRefused() {
    TestDatabase other = TestPostgres.database();
    String url = database.url().replaceFirst("[^/]*$", other.name());

    Refusal.check(
        client.post(PROJECTS, body(storage(url))), 400, "invalid_storage", "GRANT CREATE");
  }

  @Test
  void aSuperuserIsWarnedAbout(CapturedOutput output) {
    JsonNode created =
        client.post(PROJECTS, body(storage(database.superuserUrl()))).expect(201).json();

    assertThat(created.path("warnings").toString()).contains("superuser");
    assertThat(output.getAll()).contains("superuser").doesNotContain(database.password());
    assertThat(client.patch(SHARED, body(storage(database.url()))).json().path("warnings"))
        .isEmpty();
  }

  @Test
  void aCatalogThatDoesNotAnswerIsDownAndTheServerIsReady() throws SQLException {
    TestDatabase lost = TestPostgres.database();
    client.post(PROJECTS, body(storage(lost.url()))).expect(201);
    try (Connection admin = database.connectAsSuperuser();
        Statement statement = admin.createStatement()) {
      statement.execute("DROP DATABASE \"" + lost.name() + "\" WITH (FORCE)");
    }

    Wait.until(
        "the next heartbeat has no answer",
        () -> {
          JsonNode ready = client.get("/health/readiness").expect(200).json();
          assertThat(ready.path("status").asString()).isEqualTo("UP");
          JsonNode catalog = ready.at("/details/catalogs/shared");
          return catalog.path("status").asString().equals("DOWN")
              && catalog.path("reason").asString().contains("no such database");
        });
    client.get("/api/v0/status").expect(200);
  }

  @Test
  void aProjectsWorkersSayWhatTheyServe() {
    client.post(PROJECTS, "{\"name\":\"p\"}").expect(201);
    PackageFiles.orders(server.packageFolder("served"), MODEL);
    server.register("served").buildOk();

    JsonNode workers = client.get(PROJECTS + "/p/workers").expect(200).json();

    assertThat(workers).hasSize(1);
    JsonNode self = workers.get(0);
    assertThat(self.path("name").asString()).isEqualTo("first");
    assertThat(self.path("self").asBoolean()).isTrue();
    assertThat(self.path("version").asString()).isNotBlank();
    assertThat(self.path("packages").toString())
        .isEqualTo("[{\"packageName\":\"served\",\"version\":1}]");
    assertThat(client.get("/api/v0/status").json().at("/workers/p/0/id"))
        .isEqualTo(self.path("id"));
    Refusal.check(client.get(PROJECTS + "/none/workers"), 404, "project_not_found");
  }
}
