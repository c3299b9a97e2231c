package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.OwnPostgres;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Server;
import dev.ingot.testing.SharedServers;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * One PostgreSQL that has a shared project's catalog and its tables, and stops as in a crash while
 * a version is published.
 */
class SharedPostgresRestartTest {

  /** -Dingot.test.restarts=30 for more. */
  private static final int RESTARTS = Integer.getInteger("ingot.test.restarts", 2);

  private static final String FORCED = "{\"forceRefresh\":true}";
  private static final long SEED = Long.getLong("ingot.test.seed", System.nanoTime());

  /** About as long as it takes from the last built target to the last view. */
  private static final int PUBLICATION_MILLIS = 80;

  @TempDir static Path folder;
  private static final Failpoints FAILPOINTS = new Failpoints();
  private static final Random RANDOM = new Random(SEED);
  private static OwnPostgres postgres;
  private static WarehouseTables tables;
  private static SharedServers servers;
  private static FaultDag dag;
  private static List<PackageApi> on;
  private static int data = 1;

  @BeforeAll
  static void start() {
    System.out.println("-Dingot.test.seed=" + SEED);
    postgres = TestPostgres.own();
    TestDatabase warehouse = postgres.database();
    tables = new WarehouseTables(warehouse);
    servers =
        new SharedServers(folder, postgres.database().url(), "file://" + folder.resolve("tables"));
    String[] settings = {
      "ingot.retention.min-age=0s", "ingot.retention.versions=1", "ingot.retention.interval=1s"
    };
    Server first = servers.start(FAILPOINTS, settings);
    Server second =
        servers.start("ingot.follow-manifest=true", settings[0], settings[1], settings[2]);
    for (Server each : List.of(first, second)) {
      each.client()
          .post("/api/v0/projects/p/connections", warehouse.connection(FaultDag.WAREHOUSE))
          .expect(201);
    }
    dag = FaultDag.on(first.packageFolder("dag"), warehouse);
    dag.copyTo(second.packageFolder("dag"));
    on = List.of(first.register("dag"), second.register("dag"));
    on.getFirst().buildOk();
    awaitAnswer(1);
    Wait.until("its views are there", () -> tables.views().size() == FaultDag.TARGETS);
  }

  @AfterAll
  static void stop() throws IOException {
    servers.close();
    postgres.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"MaterializationStore.publish#1:before", "MaterializationStore.publish#1:after"})
  void whatIsPublishedWhenItStopsIsTheOldVersionOrTheNew(String step) throws InterruptedException {
    FAILPOINTS.reset();
    FAILPOINTS.at(Step.parse(step), postgres::restartImmediately);

    stopped(step, () -> {});

    assertThat(FAILPOINTS.passed()).contains(Step.parse(step));
  }

  @Test
  void soItIsAtAnyMomentOfAPublication() throws InterruptedException {
    for (int i = 0; i < RESTARTS; i++) {
      atAnyMoment();
    }
  }

  private static void atAnyMoment() throws InterruptedException {
    FAILPOINTS.reset();
    int moment = RANDOM.nextInt(PUBLICATION_MILLIS);
    var built = new Gate();
    FAILPOINTS.at(Step.parse("Engine.build#%d:after".formatted(FaultDag.TARGETS)), built);
    built.open();

    stopped(
        moment + " ms after the last build",
        () -> {
          built.awaitComing();
          long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(moment);
          Wait.closely("it is the moment", () -> System.nanoTime() >= until);
          postgres.restartImmediately();
        });
  }

  private static void stopped(String when, Runnable stop) throws InterruptedException {
    int before = data;
    int after = ++data;
    dag.data(after);
    JsonNode run;
    var readers = new Readers();
    try (readers) {
      String id = on.getFirst().create(FORCED);
      on.getFirst().start(id);
      stop.run();
      run = awaitEnd(id);
      Failpoints.awaitNoRun();
      boolean published = run.path("status").asString().equals("SUCCESS");
      System.out.printf("stopped %s: %s %s%n", when, run.path("status"), run.path("error"));

      // What is served is what the records say.
      assertThat(run.path("status").asString()).isIn("SUCCESS", "FAILED");
      awaitAnswer(published ? after : before);
      tables.awaitShown(before, published ? after : before);
      data = ++after;
      dag.data(after);
      assertThat(on.getFirst().buildOk(FORCED).path("targets")).hasSize(FaultDag.TARGETS);
      awaitAnswer(after);
    }
    assertThat(readers.seen)
        .contains(FaultDag.answer(before))
        .isSubsetOf(FaultDag.answer(before), FaultDag.answer(after - 1), FaultDag.answer(after));
    tables.awaitShown(after - 1, after);
    tables.awaitNothingLeftOver(() -> Ledger.ids(servers.server(0), "dag"));
  }

  /** Also while the catalog is away. */
  private static JsonNode awaitEnd(String id) {
    String path = on.getFirst().path() + "/materializations/" + id;
    var ended = new AtomicReference<JsonNode>();
    Wait.until(
        "run %s has ended".formatted(id),
        () -> {
          Answer answer = servers.server(0).client().get(path);
          boolean told =
              answer.status() == 200
                  && !List.of("PENDING", "RUNNING")
                      .contains(answer.json().path("status").asString());
          if (told) {
            // It may be away again when it is asked the next time.
            ended.set(answer.json());
          }
          return told;
        });
    return ended.get();
  }

  private static void awaitAnswer(int version) {
    for (PackageApi each : on) {
      Wait.until(
          "all answer from version %d of the data".formatted(version),
          () -> {
            Answer answer = each.query(FaultDag.MODEL, FaultDag.QUERY);
            return answer.status() == 200
                && answer.json().path("live").isEmpty()
                && answer.rows().toString().equals(FaultDag.answer(version));
          });
    }
  }

  /** Ask both servers all the time, which may fail while the database is away. */
  private static final class Readers implements AutoCloseable {

    private static final int PACE_MILLIS = 20;

    final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService all = Executors.newScheduledThreadPool(2);

    Readers() {
      for (PackageApi each : on) {
        var _ =
            all.scheduleWithFixedDelay(
                () -> {
                  Answer answer = each.query(FaultDag.MODEL, FaultDag.QUERY);
                  if (answer.status() == 200) {
                    seen.add(answer.rows().toString());
                  }
                },
                0,
                PACE_MILLIS,
                TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public void close() throws InterruptedException {
      all.shutdown();
      assertThat(all.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }
}
