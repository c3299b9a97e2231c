package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A table is never served over data that it wasn't built from, wherever its package goes. */
class PackageMoveTest {

  private static final String MODEL =
      """
      source: orders is duckdb.table('data/orders.csv')
      #@ persist
      source: totals is orders -> { group_by: customer; aggregate: total is amount.sum() }
      #@ persist
      source: most is totals -> { aggregate: most is total.max() }
      """;
  private static final String MOST = "run: most -> { select: * }";

  private static final int READERS = 4;

  /** -Dingot.test.moves=200 for more. */
  private static final int MOVES = Integer.getInteger("ingot.test.moves", 20);

  @TempDir static Path folder;
  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aPackageThatMovesAllTheTimeIsAnsweredFromOneFolderOrTheOther() throws Exception {
    PackageApi restless = twoFolders("restless");
    var moving = new AtomicBoolean(true);
    try (var pool = Executors.newFixedThreadPool(READERS)) {
      List<Future<Set<String>>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(
            pool.submit(() -> {
              var answers = new HashSet<String>();
              while (moving.get()) {
                Answer answer = restless.query("orders.malloy", MOST);
                answers.add(answer.status() == 200 ? answer.rows().toString() : answer.code());
              }
              return answers;
            }));
      }
      for (int move = 0; move < MOVES; move++) {
        patch(restless, move % 2 == 0 ? "restless-2" : "restless").expect(200);
      }
      moving.set(false);
      for (Future<Set<String>> reader : readers) {
        assertThat(reader.get())
            .isSubsetOf("[{\"most\":110}]", "[{\"most\":7}]", "package_busy")
            .isNotEmpty();
      }
    }
  }

  @Test
  void aMovedPackageIsAnsweredFromItsNewDataAndItsTablesAreBuiltAnew() {
    PackageApi moved = twoFolders("moved");
    moved.buildOk();
    assertThat(moved.rows("orders.malloy", MOST)).hasToString("[{\"most\":110}]");

    patch(moved, "moved-2").expect(200);
    Answer live = moved.query("orders.malloy", MOST).expect(200);
    JsonNode run = moved.buildOk();
    Answer after = moved.query("orders.malloy", MOST).expect(200);

    assertThat(live.rows()).hasToString("[{\"most\":7}]");
    assertThat(live.json().path("materialized")).isEmpty();
    assertThat(live.json().path("live").get(0).path("reason").asString()).isEqualTo("MOVED");
    assertThat(reasons(run)).containsExactlyInAnyOrder("BUILT MOVED", "BUILT MOVED");
    assertThat(after.rows()).hasToString("[{\"most\":7}]");
    assertThat(after.json().path("live")).isEmpty();

    patch(moved, "moved").expect(200);
    assertThat(moved.rows("orders.malloy", MOST)).hasToString("[{\"most\":110}]");
    assertThat(reasons(moved.buildOk())).containsOnly("BUILT MOVED");
  }

  @Test
  void afterAMoveNeitherAReloadNorARestartBringsTheOldTablesBack(@TempDir Path own) {
    try (Server first = Server.start(own)) {
      files(first, "there");
      PackageApi there = first.register("there");
      there.buildOk();
      PackageFiles.orders(first.packageFolder("here"), MODEL).file("data/orders.csv", OTHER);
      first
          .client()
          .patch(there.path(), "{\"location\":\"%s\"}".formatted(first.packageFolder("here")))
          .expect(200);
      first.client().post(there.path() + "/manifest/reload").expect(200);
      assertThat(there.rows("orders.malloy", MOST)).hasToString("[{\"most\":7}]");
    }
    try (Server second = Server.start(own)) {
      var there = new PackageApi(second.client(), "/api/v0/projects/p/packages/there");
      assertThat(there.rows("orders.malloy", MOST)).hasToString("[{\"most\":7}]");
    }
  }

  @Test
  void aPackageThatTakesTheNameOfADeletedOneStartsFromNothing() {
    PackageApi again = twoFolders("again");
    again.buildOk();
    PackageDatabase.of(server, "again").awaitRows("FROM most");

    server.client().delete(again.path()).expect(204);
    server
        .client()
        .post(
            "/api/v0/projects/p/packages",
            "{\"name\":\"again\",\"location\":\"%s\"}".formatted(server.packageFolder("again-2")))
        .expect(201);

    assertThat(PackageDatabase.of(server, "again").contents())
        .as("names over the other package's data")
        .noneMatch(line -> line.startsWith("main|most|"));
    Answer live = again.query("orders.malloy", MOST).expect(200);
    assertThat(live.rows()).hasToString("[{\"most\":7}]");
    assertThat(live.json().path("materialized")).isEmpty();
    assertThat(again.manifest().path("entries")).isEmpty();
    assertThat(reasons(again.buildOk())).containsExactlyInAnyOrder("BUILT NEW", "BUILT NEW");
    assertThat(again.rows("orders.malloy", MOST)).hasToString("[{\"most\":7}]");
  }

  @Test
  void otherDataInTheFolderOfADeletedPackageIsNotAnsweredFromItsTables() {
    files(server, "same");
    PackageApi same = server.register("same");
    same.buildOk();
    server.client().delete(same.path()).expect(204);
    PackageFiles.orders(server.packageFolder("same"), MODEL).file("data/orders.csv", OTHER);

    server.register("same");

    assertThat(same.rows("orders.malloy", MOST)).hasToString("[{\"most\":7}]");
    assertThat(reasons(same.buildOk())).containsExactlyInAnyOrder("BUILT NEW", "BUILT NEW");
  }

  @Test
  void aPackageIsNotMovedWhileARunOfItIsBuildingFromWhereItLies() {
    PackageApi busy = twoFolders("busy");
    PackageFiles.orders(server.packageFolder("busy"), slow());
    String id = busy.create("{}");
    server.client().post(busy.path() + "/materializations/" + id + "/start").expect(202);

    Answer refused = patch(busy, "busy-2");
    Answer described = server.client().patch(busy.path(), "{\"description\":\"busy\"}");
    Answer deleted = server.client().delete(busy.path());

    Refusal.check(refused, 409, "package_busy", "RUNNING");
    Refusal.check(deleted, 409, "package_busy", "RUNNING");
    assertThat(described.expect(200).json().path("description").asString()).isEqualTo("busy");
    assertThat(described.json().path("location").asString()).endsWith("busy");
    server.client().post(busy.path() + "/materializations/" + id + "/stop").expect(200);
    patch(busy, "busy-2").expect(200);
    assertThat(busy.rows("orders.malloy", MOST)).hasToString("[{\"most\":7}]");
  }

  @Test
  void aPackageThatIsDeletedRightAfterAStopLeavesNothingOfTheRunBehind() {
    files(server, "stopped");
    PackageFiles.orders(server.packageFolder("stopped"), slow());
    PackageApi stopped = server.register("stopped");
    String id = stopped.create("{}");
    server.client().post(stopped.path() + "/materializations/" + id + "/start").expect(202);
    server.client().post(stopped.path() + "/materializations/" + id + "/stop").expect(200);

    server.client().delete(stopped.path()).expect(204);
    files(server, "stopped");
    server.register("stopped");

    assertThat(PackageDatabase.of(server, "stopped").contents())
        .noneMatch(line -> line.contains("slow__"));
    stopped.buildOk();
    assertThat(stopped.rows("orders.malloy", MOST)).hasToString("[{\"most\":110}]");
  }

  @Test
  void whoeverReloadsWhileAPackageMovesItIsServedFromWhereItWasMovedTo() {
    PackageApi raced = twoFolders("raced");
    raced.buildOk();
    var over = new AtomicBoolean();
    List<CompletableFuture<Boolean>> reloading =
        Stream.generate(() ->
                CompletableFuture.supplyAsync(() -> {
                  while (!over.get()) {
                    server.client().post(raced.path() + "/manifest/reload").expect(200);
                  }
                  return true;
                }))
            .limit(2)
            .toList();
    try {
      for (int i = 0; i < MOVES / 4; i++) {
        patch(raced, "raced-2").expect(200);
        assertThat(raced.rows("orders.malloy", MOST)).hasToString("[{\"most\":7}]");
        patch(raced, "raced").expect(200);
        assertThat(raced.rows("orders.malloy", MOST)).hasToString("[{\"most\":110}]");
      }
    } finally {
      over.set(true);
    }
    assertThat(reloading).allSatisfy(loop -> assertThat(loop.join()).isTrue());
  }

  @Test
  void aPlanThatIsAskedForWhileThePackageMovesLeavesItServed() throws Exception {
    PackageApi planned = twoFolders("planned");
    planned.buildOk();
    var over = new AtomicBoolean();
    CompletableFuture<Boolean> planning =
        CompletableFuture.supplyAsync(() -> {
          while (!over.get()) {
            // 409 where the move came between its parts.
            assertThat(server.client().get(planned.path() + "/plan").status()).isIn(200, 409);
          }
          return true;
        });
    try {
      for (int i = 0; i < MOVES / 4; i++) {
        patch(planned, "planned-2").expect(200);
        assertThat(planned.rows("orders.malloy", MOST)).hasToString("[{\"most\":7}]");
        patch(planned, "planned").expect(200);
        assertThat(planned.rows("orders.malloy", MOST)).hasToString("[{\"most\":110}]");
      }
    } finally {
      over.set(true);
    }
    assertThat(planning.join()).isTrue();
  }

  private static final String OTHER = "id,customer,item,amount\n1,zoe,pen,3\n2,zoe,ink,4\n";

  private static String slow() {
    return MODEL
        + "#@ persist\nsource: slow is duckdb.sql(\"\"\"%s\"\"\") -> { aggregate: n is h.max() }\n"
            .formatted(SlowSql.SELECT);
  }

  /** One package and, beside it, a folder with the same models over other data. */
  private static PackageApi twoFolders(String name) {
    files(server, name);
    PackageFiles.orders(server.packageFolder(name + "-2"), MODEL).file("data/orders.csv", OTHER);
    return server.register(name);
  }

  private static void files(Server at, String name) {
    PackageFiles.orders(at.packageFolder(name), MODEL);
  }

  private static Answer patch(PackageApi api, String name) {
    return server
        .client()
        .patch(api.path(), "{\"location\":\"%s\"}".formatted(server.packageFolder(name)));
  }

  private static List<String> reasons(JsonNode run) {
    return run.path("targets")
        .valueStream()
        .map(target -> target.path("status").asString() + " " + target.path("reason").asString())
        .toList();
  }
}
