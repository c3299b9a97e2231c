package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.materialization.CleanUp;
import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.Models;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.RunReport;
import dev.ingot.testing.Server;
import dev.ingot.testing.SharedServers;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What servers that share a project do to each other, and what their catalog does to them. */
class SharedWorkersTest {

  private static final String QUERY = "run: by_customer -> { select: *; order_by: customer }";
  private static final String SLOW =
      "#@ persist\nsource: slow is duckdb.sql(\"\"\"%s\"\"\") -> { aggregate: n is h.max() }\n"
          .formatted(SlowSql.SELECT);

  @TempDir static Path folder;
  private static final Failpoints FAILPOINTS = new Failpoints();
  private static TestDatabase database;
  private static FaultyProxy proxy;
  private static SharedServers servers;
  private static Server first;
  private static Server second;

  @BeforeAll
  static void start() {
    database = TestPostgres.database();
    proxy = FaultyProxy.to(database.host(), database.port());
    servers =
        new SharedServers(
            folder, database.url("127.0.0.1", proxy.port()), "file://" + folder.resolve("tables"));
    first = servers.start(FAILPOINTS);
    second = servers.start("ingot.follow-manifest=true");
  }

  @AfterAll
  static void stop() {
    servers.close();
    proxy.close();
  }

  private static void sql(String... statements) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> files(String packageName) throws IOException {
    Path tables = folder.resolve("tables/p").resolve(packageName);
    if (!Files.exists(tables)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(tables)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static boolean isServed(String worker, String packageName) {
    return second
        .client()
        .get("/api/v0/projects/p/workers")
        .expect(200)
        .json()
        .valueStream()
        .filter(one -> one.path("name").asString().equals(worker))
        .flatMap(one -> one.path("packages").valueStream())
        .anyMatch(served -> served.path("packageName").asString().equals(packageName));
  }

  private static void await(PackageApi of, String id, String status) {
    Wait.until(
        "its target is " + status,
        () -> of.get(id).at("/targets/0/status").asString().equals(status));
  }

  @Test
  void whatAServerLetsGoOfItServesNoMore() {
    List<PackageApi> on = servers.register("gone", Models.BY_CUSTOMER);
    on.getFirst().buildOk();
    Wait.until("the first is listed with it", () -> isServed("worker0", "gone"));

    first.client().delete(on.getFirst().path()).expect(204);

    Wait.until("it is not any more", () -> !isServed("worker0", "gone"));
  }

  @Test
  void aServerMayJoinMoveAndLeaveWhileAnotherBuilds() {
    PackageFiles.orders(first.packageFolder("late"), SLOW);
    PackageApi here = first.register("late");
    String id = here.create("{}");
    here.start(id);
    await(here, id, "RUNNING");

    PackageFiles.orders(second.packageFolder("late"), SLOW);
    PackageApi there = second.register("late");
    PackageFiles.orders(second.packageFolder("late2"), SLOW);
    second
        .client()
        .patch(there.path(), "{\"location\":\"%s\"}".formatted(second.packageFolder("late2")))
        .expect(200);
    second.client().delete(there.path() + "?stop=true").expect(204);

    assertThat(here.get(id).path("status").asString()).isEqualTo("RUNNING");
    first.client().post(here.path() + "/materializations/" + id + "/stop").expect(200);
    await(here, id, "CANCELLED");
  }

  @Test
  void aPackageThatIsMadeAnewIsFollowed() {
    List<PackageApi> on = servers.register("anew", Models.BY_CUSTOMER);
    on.getFirst().buildOk();
    on.getFirst().build("{\"forceRefresh\":true}");
    Wait.until("version 2", () -> on.getLast().manifest().path("servedVersion").asLong() == 2);

    first.client().delete(on.getFirst().path() + "?dropTables=true").expect(204);
    PackageApi again = first.register("anew");
    again.buildOk();

    JsonNode here = again.query("orders.malloy", QUERY).expect(200).json();
    assertThat(here.path("live")).isEmpty();
    Wait.until(
        "the second follows",
        () ->
            on.getLast()
                .query("orders.malloy", QUERY)
                .expect(200)
                .json()
                .path("materialized")
                .equals(here.path("materialized")));
    assertThat(again.manifest().path("version")).isEqualTo(again.manifest().path("servedVersion"));
  }

  @Test
  void aCatalogThatIsAwayHoldsNobodyUpForLong() throws Exception {
    PackageFiles.orders(first.packageFolder("away"), Models.BY_CUSTOMER);
    PackageApi here = first.register("away");
    String id = here.buildOk().path("id").asString();

    proxy.cut();
    try {
      long begin = System.nanoTime();
      var asked = new ArrayList<FutureTask<Integer>>();
      for (int i = 0; i < 20; i++) {
        var one =
            new FutureTask<>(
                () -> first.client().get(here.path() + "/materializations/" + id).status());
        asked.add(one);
        Thread.ofPlatform().start(one);
      }
      for (FutureTask<Integer> one : asked) {
        assertThat(one.get()).isEqualTo(503);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
      assertThat(here.query("orders.malloy", QUERY).expect(200).json().path("live")).isEmpty();
    } finally {
      proxy.resume();
    }
    Wait.until(
        "it answers again",
        () -> first.client().get(here.path() + "/materializations/" + id).status() == 200);
  }

  @Test
  void aRunIsGivenUpInTimeWhileHeartbeatsHang() throws SQLException {
    PackageFiles.orders(first.packageFolder("hung"), SLOW);
    PackageApi here = first.register("hung");
    String id = here.create("{}");
    here.start(id);
    await(here, id, "RUNNING");

    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE ingot.workers, ingot.running IN ACCESS EXCLUSIVE MODE");
      for (int i = 0; i < 6; i++) {
        // Each makes the server look at once.
        sql(
            "SELECT pg_notify('ingot', '{\"project\":\"p\",\"name\":\"n%d\",\"run\":\"\"}')"
                .formatted(i));
      }
      long begin = System.nanoTime();
      Wait.until(
          "its statement is cancelled",
          () -> here.get(id).at("/targets/0/status").asString().equals("CANCELLED"));
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .as("the lease is 4 s")
          .isLessThan(Duration.ofSeconds(5));
      connection.rollback();
    }
    assertThat(here.await(id).path("error").asString()).isEqualTo("worker_lost");
  }

  @Test
  void aRunWhoseTablesWereSweptLeavesNone() throws IOException {
    PackageFiles.orders(first.packageFolder("swept"), Models.BY_CUSTOMER);
    PackageApi here = first.register("swept");
    FAILPOINTS.reset();
    FAILPOINTS.at(
        Step.parse("Engine.build#1:before"),
        () ->
            // What another server does while this one stands still beyond its lease.
            sql(
                "UPDATE ingot.runs SET status = 'FAILED', error = 'worker_lost' WHERE package = 'swept'",
                "DELETE FROM ingot.running WHERE package = 'swept'",
                "DELETE FROM ingot.generations WHERE package = 'swept'"));

    JsonNode run = here.build();

    FAILPOINTS.reset();
    assertThat(run.path("error").asString()).isEqualTo("worker_lost");
    assertThat(files("swept")).isEmpty();
  }

  @Test
  void tablesOfAPackageThatWasGivenUpGoEvenWhenNobodyHasItAnyMore() throws IOException {
    List<PackageApi> on = servers.register("given", Models.BY_CUSTOMER);
    on.getFirst().buildOk();
    Wait.until("the first is listed with it", () -> isServed("worker0", "given"));
    second.client().post(on.getLast().path() + "/materializations/teardown").expect(200);
    assertThat(files("given")).as("the first doesn't follow and still reads them").isNotEmpty();

    first.client().delete(on.getFirst().path()).expect(204);
    second.client().delete(on.getLast().path()).expect(204);
    assertThat(files("given")).isNotEmpty();
    Wait.until("it is served no more", () -> !isServed("worker0", "given"));
    CleanUp.round(second);

    assertThat(files("given")).isEmpty();
    assertThat(new CatalogRecords(database, "given").files()).isEmpty();
  }

  @Test
  void ofAVersionWhoseTablesGoOneByOneNoneIsReadAnyMore() throws IOException {
    List<PackageApi> on = servers.register("partial", Models.CHAIN);
    PackageApi here = on.getFirst();
    String top = RunReport.physical(here.buildOk(), "top").replace("main.", "");
    String query = "run: top -> { select: * }";
    JsonNode whole = here.query("orders.malloy", query).expect(200).json();
    assertThat(whole.path("live")).isEmpty();

    for (Path file : files("partial")) {
      if (file.toString().contains(top)) {
        Files.delete(file);
      }
    }
    JsonNode now = here.query("orders.malloy", query).expect(200).json();

    assertThat(now.path("materialized")).as(now.toPrettyString()).isEmpty();
    assertThat(now.path("live").valueStream().map(live -> live.path("reason").asString()))
        .hasSize(3)
        .containsOnly("TABLE_MISSING");
    assertThat(now.path("result")).isEqualTo(whole.path("result"));
  }

  @Test
  void aCatalogWhoseTablesAreSomebodyElsesIsRefusedWithAReason() throws SQLException {
    TestDatabase other = TestPostgres.database();
    try (Connection connection = other.connectAsSuperuser();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA ingot");
    }
    first
        .client()
        .post(
            "/api/v0/projects",
            "{\"name\":\"q\",\"materializationStorage\":{\"catalogUrl\":\"%s\",\"dataPath\":\"file://%s\"}}"
                .formatted(other.url(), folder.resolve("others")))
        .expect(201);
    PackageFiles.orders(first.packageFolder("refused"), Models.BY_CUSTOMER);

    var answer =
        first
            .client()
            .post(
                "/api/v0/projects/q/packages",
                "{\"name\":\"k\",\"location\":\"%s\"}".formatted(first.packageFolder("refused")));

    assertThat(answer.status()).as(answer.text()).isBetween(400, 503).isNotEqualTo(500);
    assertThat(answer.json().path("detail").asString()).contains("may not");
    first.client().delete("/api/v0/projects/q").expect(204);
  }

  @Test
  void aStrangersNotificationIsPassedOver() {
    List<PackageApi> on = servers.register("noise", SLOW);
    String id = on.getFirst().create("{}");
    on.getFirst().start(id);
    await(on.getFirst(), id, "RUNNING");

    sql(
        "SELECT pg_notify('ingot', 'null')",
        "SELECT pg_notify('ingot', '{}')",
        "SELECT pg_notify('ingot', '{\"project\":\"../p\",\"name\":\"\",\"run\":\"x\"}')",
        "SELECT pg_notify('ingot', '')");
    second.client().post(on.getLast().path() + "/materializations/" + id + "/stop").expect(200);

    await(on.getFirst(), id, "CANCELLED");
  }
}
