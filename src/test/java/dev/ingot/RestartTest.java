package dev.ingot;

import static dev.ingot.testing.Models.BY_CUSTOMER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine;
import dev.ingot.engine.TableName;
import dev.ingot.fault.StartupFailure;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.CleanUp;
import dev.ingot.materialization.MaterializationStore;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a server finds in its home when it starts again. */
class RestartTest {

  private static final String ENDLESS =
      """
      source: numbers is duckdb.sql(\"""%s\""")
      #@ persist name="endless"
      source: endless is numbers -> { aggregate: x is max(h) }
      """
          .formatted(SlowSql.SELECT);
  private static final String QUERY = "run: by_customer -> { select: *; order_by: customer }";
  private static final PackageKey LOST = PackageKey.of("p", "lost");
  private static final TableName HALF_DONE = new TableName("main", "by_customer__halfdone");

  @TempDir static Path folder;
  private static Server server;
  private static PackageApi kept;

  /** Answers of the first server, by path. */
  private static final List<String> PATHS =
      List.of(
          "/api/v0/projects",
          "/api/v0/projects/p/packages",
          "/api/v0/projects/p/packages/kept",
          "/api/v0/projects/p/packages/kept/models",
          "/api/v0/projects/p/packages/kept/manifest",
          "/api/v0/projects/p/packages/kept/materializations",
          "/api/v0/projects/p/packages/kept/materializations?status=PENDING");

  private static final List<JsonNode> before = new ArrayList<>();
  private static JsonNode answered;
  private static String lostRun;
  private static String endlessRun;

  @BeforeAll
  static void restart() {
    try (Server first = Server.start(folder)) {
      Client client = first.client();
      PackageFiles files = PackageFiles.orders(first.packageFolder("kept"), BY_CUSTOMER);
      kept = first.register("kept");
      history(client, files);
      lostRun = loseARun(first);
      endlessRun = buildWithoutEnd(first);
      PATHS.forEach(path -> before.add(client.get(path).expect(200).json()));
      answered = answer();
    }
    server = Server.start(folder);
    kept = new PackageApi(server.client(), kept.path());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A SUCCESS, a second with other tables, a FAILED, a CANCELLED and a PENDING one. */
  private static void history(Client client, PackageFiles files) {
    kept.buildOk();
    assertThat(kept.build("{\"forceRefresh\":true}").path("status").asString())
        .isEqualTo("SUCCESS");
    files.model("broken.malloy", "source: x is nothing");
    assertThat(kept.build().path("status").asString()).isEqualTo("FAILED");
    files.model("broken.malloy", "");
    client.post(kept.path() + "/manifest/reload").expect(200);
    client.post(kept.path() + "/materializations/" + kept.create("{}") + "/stop").expect(200);
    kept.create("{\"forceRefresh\":true,\"autoLoadManifest\":false}");
  }

  /** Leaves what a server leaves that is killed while it builds: a run, an intent, a table. */
  private static String loseARun(Server first) {
    PackageFiles.orders(first.packageFolder("lost"), BY_CUSTOMER);
    PackageApi lost = first.register("lost");
    lost.buildOk();
    CleanUp.await(first, LOST);
    String id = lost.create("{}");
    var claim =
        (Claim.Granted) first.bean(MaterializationStore.class).claim(LOST, id, Instant.now());
    var half =
        new Generation(
            "half-done",
            LOST,
            new Generation.Target(
                "a-build-id", "duckdb", new TableName("main", "by_customer"), "SELECT 1 AS x"),
            HALF_DONE,
            new Generation.Source(
                claim.run().id(), Set.of(), first.packageFolder("lost").toString()),
            null);
    first.bean(ManifestStore.class).intend(List.of(half));
    engine(first).build(HALF_DONE, "SELECT 1 AS x", half.owner(), new Cancellation());
    assertThat(engine(first).existing(List.of(HALF_DONE))).containsExactly(HALF_DONE);
    return id;
  }

  private static Engine engine(Server of) {
    return of.bean(ServedPackages.class).get(LOST).content().engine("duckdb");
  }

  /** Starts what is still being built when the server is stopped. */
  private static String buildWithoutEnd(Server first) {
    PackageFiles.create(first.packageFolder("endless")).model("endless.malloy", ENDLESS);
    PackageApi endless = first.register("endless");
    String id = endless.create("{}");
    String run = endless.path() + "/materializations/" + id;
    first.client().post(run + "/start").expect(202);
    Wait.until(
        "it builds",
        () ->
            first
                .client()
                .get(run)
                .json()
                .path("targets")
                .path(0)
                .path("status")
                .asString("")
                .equals("RUNNING"));
    return id;
  }

  private static JsonNode answer() {
    return kept.query("orders.malloy", QUERY).expect(200).json();
  }

  private static JsonNode run(String packageName, String id) {
    return server
        .client()
        .get("/api/v0/projects/p/packages/%s/materializations/%s".formatted(packageName, id))
        .expect(200)
        .json();
  }

  @Test
  void everythingIsThereAgain() {
    for (int i = 0; i < PATHS.size(); i++) {
      assertThat(server.client().get(PATHS.get(i)).expect(200).json())
          .as(PATHS.get(i))
          .isEqualTo(before.get(i));
    }
    JsonNode runs = before.get(PATHS.indexOf(kept.path() + "/materializations"));
    assertThat(runs.valueStream().map(run -> run.path("status").asString()))
        .containsExactly("PENDING", "CANCELLED", "FAILED", "SUCCESS", "SUCCESS");
    assertThat(runs.get(3).path("targets")).hasSize(1);
    assertThat(runs.get(2).path("problems")).isNotEmpty();
  }

  @Test
  void aQueryIsAnsweredFromTheSameTable() {
    assertThat(answer()).isEqualTo(answered);
    assertThat(answered.path("materialized")).hasSize(1);
    assertThat(answered.path("live")).isEmpty();
  }

  @Test
  void theNextRunTakesUpTheTables() {
    JsonNode run = new PackageApi(server.client(), "/api/v0/projects/p/packages/lost").buildOk();

    assertThat(PackageApi.target(run, "by_customer").path("status").asString()).isEqualTo("REUSED");
  }

  @Test
  void aRunThatWasRunningIsLost() {
    JsonNode run = run("lost", lostRun);

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.path("error").asString()).isEqualTo("worker_lost");
    assertThat(run.path("completedAt").isNull()).isFalse();
    assertThat(run.path("problems").get(0).path("code").asString()).isEqualTo("worker_lost");
  }

  @Test
  void aTableThatWasIntendedAndNotFinishedIsGone() {
    assertThat(server.bean(ManifestStore.class).unfinished()).isEmpty();
    assertThat(engine(server).existing(List.of(HALF_DONE))).isEmpty();
  }

  @Test
  void aRunThatWasUnderWayWhenTheServerWasStoppedFailedWithIt() {
    JsonNode run = run("endless", endlessRun);

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.path("error").asString()).isEqualTo("the server was stopped");
    assertThat(run.path("targets").get(0).path("status").asString()).isEqualTo("CANCELLED");
  }

  @Test
  void aSecondServerOnTheSameHomeIsRefusedWithTheFileThatIsTaken(@TempDir Path scratch)
      throws IOException, InterruptedException {
    Path output = scratch.resolve("output");
    Process second =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                IngotApplication.class.getName(),
                "--server.port=0",
                "--ingot.sample=false",
                "--ingot.home=" + folder.resolve("home"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(second.waitFor(1, TimeUnit.MINUTES)).isTrue();
      String said = Files.readString(output);
      assertThat(second.exitValue()).as(said).isNotZero();
      assertThat(said)
          .contains(folder.toRealPath().resolve("home/state.duckdb").toString())
          .contains("PID " + ProcessHandle.current().pid())
          .contains("ingot.home")
          .doesNotContain("\tat ");
    } finally {
      second.destroyForcibly();
    }
    assertThat(answer()).isEqualTo(answered);
  }

  @Test
  void aStateOfANewerSchemaIsRefusedAndLeftAsItWas(@TempDir Path other)
      throws IOException, SQLException {
    Path file = Files.createDirectories(other.resolve("home")).resolve("state.duckdb");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE schema_version (version integer NOT NULL)");
      statement.execute("INSERT INTO schema_version VALUES (1), (99)");
    }
    byte[] bytes = Files.readAllBytes(file);

    assertThatThrownBy(() -> Server.start(other).close())
        .rootCause()
        .isInstanceOf(StartupFailure.class)
        .hasMessageContainingAll(file.toRealPath().toString(), "newer Ingot", "99");

    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }
}
