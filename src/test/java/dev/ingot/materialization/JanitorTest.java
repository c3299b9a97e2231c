package dev.ingot.materialization;

import static dev.ingot.testing.Models.BY_CUSTOMER;
import static dev.ingot.testing.RunReport.physical;
import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.TableName;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.PackageLoading;
import dev.ingot.manifest.PackageTurns;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectService;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What goes when nobody needs it any more, and what never does. */
class JanitorTest {

  private static final String FORCED = "{\"forceRefresh\":true}";
  private static final String GENERATIONS =
      "SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY 1";

  @TempDir static Path folder;
  private static Server server;

  @BeforeAll
  static void start() {
    server =
        Server.start(
            folder,
            "ingot.retention.min-age=0s",
            "ingot.retention.versions=1",
            "ingot.retention.runs=3",
            "ingot.retention.interval=1h");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aSupersededTableGoesAfterTheRunThatReplacedIt() {
    PackageApi p = register("superseded");
    String first = physical(p.buildOk(), "by_customer");

    JsonNode second = p.build(FORCED);

    String current = physical(second, "by_customer");
    awaitTables("superseded", current);
    Wait.until(
        "the run tells what was dropped",
        () ->
            metadata(p, second)
                .path("gcDropped")
                .valueStream()
                .anyMatch(t -> t.asString().equals(first)));
    assertThat(metadata(p, second).path("gcErrors")).isEmpty();
  }

  @Test
  void aTableThatAQueryStillReadsStaysUntilTheQueryEnds() {
    PackageApi p = register("pinned");
    String first = physical(p.buildOk(), "by_customer");
    String second;
    try (ServedPackage.Pin pin = server.bean(ServedPackages.class).pin(key("pinned"))) {
      second = physical(p.build(FORCED), "by_customer");
      round("pinned");
      assertThat(tables("pinned")).containsExactlyInAnyOrder(first, second);
      assertThat(pin.served().versionNumber()).isEqualTo(1);
    }

    round("pinned");

    assertThat(tables("pinned")).containsExactly(second);
  }

  @Test
  void whatIsStillServedStaysWhenARunDoesNotLoadItsManifest() {
    PackageApi p = register("unloaded");
    String first = physical(p.buildOk(), "by_customer");

    String second =
        physical(p.build("{\"forceRefresh\":true,\"autoLoadManifest\":false}"), "by_customer");
    round("unloaded");
    assertThat(tables("unloaded")).containsExactlyInAnyOrder(first, second);

    server.client().post(p.path() + "/manifest/reload").expect(200);
    round("unloaded");
    assertThat(tables("unloaded")).containsExactly(second);
  }

  @Test
  void aTableWithoutItsMarkIsSomebodyElsesAndStays() {
    PackageApi p = register("foreign");
    String first = physical(p.buildOk(), "by_customer");
    PackageDatabase database = PackageDatabase.of(server, "foreign");
    database.drop(first);
    database.createTable(new TableName("main", first.substring("main.".length())), "SELECT 1 AS x");

    JsonNode second = p.build(FORCED);

    Wait.until("the run reports it", () -> !metadata(p, second).path("gcErrors").isEmpty());
    assertThat(metadata(p, second).path("gcErrors").get(0).asString()).contains(first, "stays");
    assertThat(database.rows("FROM " + first)).containsExactly("1");
  }

  @Test
  void whatAFailedRunFinishedGoesWithItsAge() {
    PackageFiles.orders(
        server.packageFolder("failed"),
        BY_CUSTOMER
            + """
            #@ persist
            source: bad is by_customer -> { aggregate: x is max(customer::number) }
            """);
    PackageApi p = server.register("failed");

    assertThat(what(p.build())).containsExactly("by_customer BUILT NEW", "bad FAILED NEW");

    awaitTables("failed");
    Wait.until(
        "no row is left either",
        () -> server.bean(ManifestStore.class).generations(key("failed")).isEmpty());
  }

  @Test
  void onlyTheNewestRunsAndTheLastSuccessStayOnRecord() {
    PackageApi p = register("history");
    String success = p.buildOk().path("id").asString();
    var ids = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      ids.add(p.create("{}"));
      server.client().post(p.path() + "/materializations/" + ids.getLast() + "/stop").expect(200);
    }

    round("history");

    assertThat(
            server
                .client()
                .get(p.path() + "/materializations")
                .json()
                .valueStream()
                .map(run -> run.path("id").asString()))
        .containsExactlyInAnyOrder(success, ids.get(2), ids.get(3), ids.get(4));
  }

  @Test
  void aTeardownTellsWhatItWouldDropAndThenDropsIt() {
    PackageApi p = register("torn");
    String table = physical(p.buildOk(), "by_customer");
    String teardown = p.path() + "/materializations/teardown";

    JsonNode would = server.client().post(teardown, "{\"dryRun\":true}").expect(200).json();
    assertThat(tables("torn")).containsExactly(table);
    String pending = p.create("{}");
    Refusal.check(server.client().post(teardown), 409, "package_busy", "PENDING");
    server.client().post(p.path() + "/materializations/" + pending + "/stop").expect(200);
    JsonNode did = server.client().post(teardown).expect(200).json();

    assertThat(would.at("/dropped/0/tableName").asString()).isEqualTo(table);
    assertThat(did.path("dropped")).isEqualTo(would.path("dropped")).hasSize(1);
    assertThat(did.path("errors")).isEmpty();
    assertThat(tables("torn")).isEmpty();
    assertThat(views("torn")).isEmpty();
    assertThat(p.manifest().path("entries")).isEmpty();
    assertThat(
            p.query("orders.malloy", "run: by_customer -> { select: * }")
                .expect(200)
                .json()
                .path("live"))
        .hasSize(1);
    assertThat(what(p.buildOk())).containsExactly("by_customer BUILT NEW");
  }

  @Test
  void aDeletedPackageTakesItsTablesWithIt() {
    PackageApi p = register("deleted");
    p.buildOk();
    assertThat(database("deleted")).exists();

    server.client().delete(p.path()).expect(204);

    assertThat(database("deleted")).doesNotExist();
    assertThat(server.bean(ManifestStore.class).generations(key("deleted"))).isEmpty();
  }

  @Test
  void aDeletedPackageLeavesItsTablesAsSomebodyElsesWhenThatIsSaid() {
    PackageApi p = register("left");
    String table = physical(p.buildOk(), "by_customer");
    PackageDatabase.of(server, "left").awaitRows("FROM by_customer");

    server.client().delete(p.path() + "?dropTables=false").expect(204);

    PackageApi again = server.register("left");
    assertThat(tables("left")).containsExactly(table);
    assertThat(PackageDatabase.of(server, "left").rows("SELECT count(*) FROM by_customer"))
        .containsExactly("3");
    JsonNode refused = again.build();
    assertThat(refused.at("/problems/0/code").asString()).isEqualTo("name_occupied");
    assertThat(
            PackageDatabase.of(server, "left")
                .rows("SELECT count(*) FROM duckdb_tables() WHERE comment LIKE 'ingot%'"))
        .containsExactly("0");
    server.client().delete(again.path()).expect(204);
    assertThat(database("left")).as("it holds somebody else's tables").exists();
  }

  @Test
  void aPackageWithARunningRunIsDeletedOnlyWhenTheRunMayBeStopped() {
    PackageFiles.create(server.packageFolder("running"))
        .model(
            "endless.malloy",
            "#@ persist\nsource: endless is duckdb.sql(\"\"\"%s\"\"\") -> { aggregate: x is max(h) }"
                .formatted(SlowSql.SELECT));
    PackageApi p = server.register("running");
    String id = p.create("{}");
    server.client().post(p.path() + "/materializations/" + id + "/start").expect(202);

    Refusal.check(server.client().delete(p.path()), 409, "package_busy", "RUNNING");
    server.client().delete("/api/v0/projects/p?stop=maybe").expect(400);
    server.client().delete(p.path() + "?stop=true").expect(204);

    server.client().get(p.path()).expect(404);
    assertThat(database("running")).doesNotExist();
  }

  @Test
  void whatAPackageLeftThatWentInACrashIsRemovedLater() {
    PackageApi p = register("crashed");
    p.buildOk();
    server.bean(ProjectService.class).delete(key("crashed"), false);
    PackageLoading loading = server.bean(PackageLoading.class);
    server
        .bean(PackageTurns.class)
        .take(
            key("crashed"),
            turn -> {
              loading.unload(turn);
              return turn;
            });
    assertThat(database("crashed")).exists();

    CleanUp.round(server);

    assertThat(database("crashed")).doesNotExist();
    assertThat(server.bean(ManifestStore.class).packages()).doesNotContain(key("crashed"));
  }

  private static PackageApi register(String name) {
    PackageFiles.orders(server.packageFolder(name), BY_CUSTOMER);
    return server.register(name);
  }

  private static PackageKey key(String name) {
    return PackageKey.of("p", name);
  }

  /** A round past the clean-up of the package's last run. */
  private static void round(String name) {
    CleanUp.await(server, key(name));
    CleanUp.round(server);
  }

  private static List<String> tables(String name) {
    return PackageDatabase.of(server, name).rows(GENERATIONS);
  }

  private static List<String> views(String name) {
    return PackageDatabase.of(server, name)
        .rows("SELECT view_name FROM duckdb_views() WHERE comment = 'ingot view'");
  }

  private static void awaitTables(String name, String... tables) {
    Wait.until(
        "these tables and no others: " + List.of(tables),
        () -> tables(name).equals(List.of(tables)));
  }

  private static JsonNode metadata(PackageApi p, JsonNode run) {
    return p.await(run.path("id").asString()).path("metadata");
  }

  private static Path database(String name) {
    return folder.resolve("home/databases/p").resolve(name).resolve("package.duckdb");
  }
}
