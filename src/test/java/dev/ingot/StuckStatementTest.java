package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.DeepSql;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Statements that DuckDB can't be interrupted in hold up neither their callers nor anybody else.
 */
class StuckStatementTest {

  private static final int TIMEOUT_MILLIS = 1000;

  /** Planned for about ten seconds; what is 40 levels deep is planned for ever. */
  private static final int ENDS = 24;

  private static final String MODEL =
      """
      source: orders is duckdb.table('data/orders.csv')
      source: deep is duckdb.sql(\"""%s\""")
      query: good is orders -> { group_by: customer }
      query: runaway is deep -> { aggregate: n is count() }
      """
          .formatted(DeepSql.select(ENDS));
  private static final String BUILD =
      MODEL
          + """
          #@ persist
          source: endless is deep -> { aggregate: n is count() }
          """;

  @TempDir static Path folder;
  private static Server server;

  @BeforeAll
  static void start() {
    server =
        Server.start(
            folder,
            "ingot.query.timeout=%dms".formatted(TIMEOUT_MILLIS),
            "ingot.duckdb.planning=2",
            "ingot.retention.interval=1s");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static PackageApi register(String name, String model) {
    PackageFiles.orders(server.packageFolder(name), model);
    return server.register(name);
  }

  private static Answer good(PackageApi api) {
    return api.named("orders.malloy", "good");
  }

  private static Answer runaway(PackageApi api) {
    return api.named("orders.malloy", "runaway");
  }

  private static List<JsonNode> stuck(String packageName) {
    return server
        .client()
        .get("/api/v0/status")
        .expect(200)
        .json()
        .path("stuck")
        .valueStream()
        .filter(one -> one.path("packageName").asString().equals(packageName))
        .toList();
  }

  /** Milliseconds since it was made. */
  private static LongSupplier clock() {
    long begin = System.nanoTime();
    return () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
  }

  private static <T> Future<T> meanwhile(Callable<T> call) {
    var task = new FutureTask<>(call);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  @Test
  void theCallerIsAnsweredInTimeAndOnlyItsPackageIsRefusedUntilTheyEnd() throws Exception {
    PackageApi asked = register("asked", MODEL);
    PackageApi other = register("other", MODEL);
    good(asked).expect(200);
    good(other).expect(200);

    LongSupplier time = clock();
    Future<Answer> first = meanwhile(() -> runaway(asked));
    good(asked).expect(200);
    Refusal.check(first.get(), 504, "timeout", "ingot.query.timeout");
    System.out.printf("StuckStatementTest: answered after %d ms%n", time.getAsLong());
    // One second more than the limit, with as much again for a busy machine.
    assertThat(time.getAsLong()).as("ms").isLessThan(TIMEOUT_MILLIS + 4000);
    assertThat(first.get().text()).contains("still runs");
    assertThat(stuck("asked"))
        .singleElement()
        .satisfies(one -> {
          assertThat(one.path("projectName").asString()).isEqualTo("p");
          assertThat(one.path("what").asString()).isEqualTo("query");
        });
    good(asked).expect(200);

    Refusal.check(runaway(asked), 504, "timeout", "still runs");
    Refusal.check(good(asked), 503, "package_stuck", "ingot.duckdb.planning");
    Refusal.check(runaway(asked), 503, "package_stuck", "ingot.duckdb.planning");
    assertThat(stuck("asked")).hasSize(2);
    good(other).expect(200);

    Wait.until("they have ended", Duration.ofMinutes(3), () -> stuck("asked").isEmpty());
    good(asked).expect(200);
  }

  @Test
  void manyAtOnceTakeNoMorePlacesThanThereAre() throws Exception {
    PackageApi many = register("many", MODEL);
    PackageApi other = register("beside", MODEL);
    good(many).expect(200);
    good(other).expect(200);

    List<Future<Answer>> asked =
        Stream.generate(() -> meanwhile(() -> runaway(many))).limit(6).toList();

    for (Future<Answer> one : asked) {
      assertThat(one.get().status()).isIn(503, 504);
    }
    assertThat(stuck("many")).hasSize(2);
    good(other).expect(200);
  }

  @Test
  void aBuildIsStoppedAtOnceAndSaysWhatStillRuns() throws Exception {
    PackageApi built = register("built", BUILD);
    String id = startBuild(built);

    LongSupplier time = clock();
    JsonNode stopped =
        server.client().post(built.path() + "/materializations/" + id + "/stop").expect(200).json();
    assertThat(time.getAsLong()).as("ms").isLessThan(1000);
    assertThat(stopped.path("status").asString()).isEqualTo("CANCELLED");
    assertThat(PackageApi.target(stopped, "endless").path("status").asString())
        .isEqualTo("RUNNING");

    Wait.until(
        "its target has ended too",
        Duration.ofSeconds(5),
        () ->
            !PackageApi.target(built.get(id), "endless")
                .path("status")
                .asString()
                .equals("RUNNING"));
    JsonNode target = PackageApi.target(built.get(id), "endless");
    assertThat(target.path("status").asString()).isEqualTo("CANCELLED");
    assertThat(target.path("error").asString()).contains("still runs");
    assertThat(stuck("built"))
        .singleElement()
        .satisfies(one -> assertThat(one.path("what").asString()).startsWith("main.endless__"));
    good(built).expect(200);
  }

  @Test
  void aPackageWhoseStatementDoesntEndIsDeletedAtOnceAndItsFileGoesWhenItHasEnded() {
    PackageApi gone = register("gone", BUILD);
    startBuild(gone);

    LongSupplier time = clock();
    Answer deleted = server.client().delete(gone.path() + "?stop=true").expect(202);
    assertThat(time.getAsLong()).as("ms").isLessThan(3000);
    assertThat(deleted.json().path("message").asString())
        .contains("main.endless__")
        .contains("at the next start");
    server.client().get(gone.path()).expect(404);
    assertThat(database("gone")).exists();

    Wait.until(
        "it has ended, and the janitor came",
        Duration.ofMinutes(3),
        () -> !Files.exists(database("gone")));
    assertThat(stuck("gone")).isEmpty();
  }

  /** As after the end of a process in which a statement kept it open. */
  @Test
  void aDatabaseThatADeletedPackageHasLeftGoesAtTheNextStart(@TempDir Path own) throws IOException {
    Path left = own.resolve("home/databases/p/left/package.duckdb");
    Path kept = own.resolve("home/databases/p/kept/package.duckdb");
    try (Server before = Server.start(own)) {
      for (String name : List.of("left", "kept")) {
        PackageFiles.orders(before.packageFolder(name), MODEL);
        good(before.register(name)).expect(200);
      }
    }
    Path copy = Files.copy(left, own.resolve("copy"));
    try (Server before = Server.start(own)) {
      before.client().delete(before.packagesPath() + "/left").expect(204);
    }
    assertThat(left).doesNotExist();
    Files.createDirectories(left.getParent());
    Files.move(copy, left);

    try (Server next = Server.start(own)) {
      Wait.until("it is gone", () -> !Files.exists(left));
      good(new PackageApi(next.client(), next.packagesPath() + "/kept")).expect(200);
      assertThat(kept).exists();
    }
  }

  private static Path database(String name) {
    return folder.resolve("home/databases/p/%s/package.duckdb".formatted(name));
  }

  private static String startBuild(PackageApi api) {
    String id = api.create("{}");
    api.start(id);
    Wait.until(
        "the table is built",
        () -> api.get(id).path("targets").path(0).path("status").asString().equals("RUNNING"));
    return id;
  }
}
