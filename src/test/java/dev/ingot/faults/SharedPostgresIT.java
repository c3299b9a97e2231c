package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Topology;
import dev.ingot.testing.Wait;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Three workers of a project whose tables lie in PostgreSQL, which goes on without its clients. */
class SharedPostgresIT {

  private static final int READERS_EACH = 2;

  /** Longer than anything here is waited for. */
  private static final int LONG = 300;

  /** Each table that was made, also of runs that failed. */
  private static final String LOG =
      """
      CREATE TABLE made (name text);
      CREATE FUNCTION made() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN
        INSERT INTO public.made SELECT split_part(object_identity, '__', 1)
        FROM pg_event_trigger_ddl_commands();
      END $$;
      CREATE EVENT TRIGGER made ON ddl_command_end WHEN TAG IN ('CREATE TABLE AS')
        EXECUTE FUNCTION made();
      """;

  private static TestDatabase database;
  private static WarehouseTables tables;
  private static Cluster cluster;
  private static SharedDag dag;
  private static int data = 1;

  @BeforeAll
  static void start() {
    cluster = Cluster.shared();
    database = TestPostgres.database();
    tables = new WarehouseTables(database);
    FaultDag files = FaultDag.on(cluster.location("warehoused"), database);
    database.asSuperuser(LOG);
    for (int i = 0; i < Cluster.WORKERS; i++) {
      cluster
          .topology()
          .client(i)
          .post(
              "/api/v0/projects/%s/connections".formatted(Topology.PROJECT),
              database.connection(FaultDag.WAREHOUSE))
          .expect(201);
    }
    dag = cluster.register("warehoused", files);
  }

  @Test
  void ofThreeThatStartTogetherOneBuildsWhatIsNotThere() throws Exception {
    dag.build(Cluster.A);
    everywhere();
    dag.client(Cluster.A).post(dag.on(Cluster.A).path() + "/materializations/teardown").expect(200);
    dag.reload(Cluster.B);

    assertThat(raced("{}")).hasSize(FaultDag.TARGETS).doesNotHaveDuplicates();
  }

  @Test
  void ofThreeThatStartTogetherEachBuildsEachTargetOnce() throws Exception {
    dag.build(Cluster.A);
    everywhere();
    dag.files().data(++data);

    List<String> made = raced(SharedDag.FORCED);

    assertThat(made).hasSize(Cluster.WORKERS * FaultDag.TARGETS);
    assertThat(new HashSet<>(made)).hasSize(FaultDag.TARGETS);
  }

  /** What was made by runs of all workers that start together while all are asked. */
  private static List<String> raced(String body) throws Exception {
    database.asSuperuser("TRUNCATE made");
    int refused;
    var readers = new SharedReaders(dag, READERS_EACH, Cluster.A, Cluster.B, Cluster.C);
    try (readers) {
      refused = race(body);
      everywhere();
    }
    List<String> made = database.column("SELECT name FROM made");
    System.out.printf(
        "3 runs %s raced, %d starts refused: %d tables made; %d answers, %d wrong, slowest %d ms%n",
        body, refused, made.size(), readers.answers(), readers.wrong().size(), readers.slowest());
    assertThat(refused).isPositive();
    assertThat(readers.wrong()).isEmpty();
    tables.awaitNothingLeftOver(dag.records()::generations);
    return made;
  }

  /** A run of each worker's, which starts as soon as it may; returns how often one mightn't. */
  private static int race(String body) throws Exception {
    var together = new CyclicBarrier(Cluster.WORKERS);
    var refused = new ArrayList<Future<Integer>>();
    try (var pool = Executors.newFixedThreadPool(Cluster.WORKERS)) {
      for (int i = 0; i < Cluster.WORKERS; i++) {
        int worker = i;
        String id = dag.on(worker).create(body);
        refused.add(
            pool.submit(() -> {
              together.await();
              int times = start(worker, id);
              assertThat(dag.awaitEnd(worker, id).path("status").asString()).isEqualTo("SUCCESS");
              return times;
            }));
      }
    }
    int sum = 0;
    for (Future<Integer> one : refused) {
      sum += one.get();
    }
    return sum;
  }

  private static int start(int worker, String id) {
    var refused = new ArrayList<Answer>();
    Wait.until(
        "it may start",
        () -> {
          Answer answer = dag.start(worker, id);
          if (answer.status() == 202) {
            return true;
          }
          assertThat(answer.code()).isEqualTo("another_running");
          return !refused.add(answer);
        });
    return refused.size();
  }

  @Test
  void aWorkerThatIsKilledIsTakenOverFromAndItsStatementEnds() throws Exception {
    dag.build(Cluster.A);
    everywhere();
    dag.files().data(++data);
    var readers = new SharedReaders(dag, READERS_EACH, Cluster.B, Cluster.C);
    try (readers) {
      String lost = inTheMiddle();
      cluster.topology().kill(Cluster.A);
      long killed = System.nanoTime();
      Wait.until("its statement has ended", () -> sessions(lost).isEmpty());
      long ended = SharedDag.millisSince(killed);
      String next = dag.takeOver(Cluster.B);
      long taken = SharedDag.millisSince(killed);

      assertThat(dag.awaitEnd(Cluster.B, next).path("status").asString()).isEqualTo("SUCCESS");
      assertLost(dag.on(Cluster.B).get(lost));
      dag.awaitAnswer(Cluster.C, data);
      cluster.topology().restart(Cluster.A);
      everywhere();
      tables.awaitNothingLeftOver(dag.records()::generations);
      report("killed", ended, taken, readers);
    } finally {
      dag.files().seconds(0);
    }
    assertThat(readers.wrong()).isEmpty();
    assertThat(tables.shown()).isEqualTo(WarehouseTables.all(data));
  }

  @Test
  void aWorkerThatStoodStillForLongerThanItsLeasePublishesNothing() throws Exception {
    dag.build(Cluster.A);
    everywhere();
    dag.files().data(++data);
    var readers = new SharedReaders(dag, READERS_EACH, Cluster.B, Cluster.C);
    try (readers) {
      String lost = inTheMiddle();
      cluster.topology().pause(Cluster.A);
      long paused = System.nanoTime();
      long taken;
      try {
        String next = dag.takeOver(Cluster.B);
        taken = SharedDag.millisSince(paused);
        assertThat(dag.awaitEnd(Cluster.B, next).path("status").asString()).isEqualTo("SUCCESS");
        assertThat(sessions(lost)).hasSize(1);
      } finally {
        cluster.topology().resume(Cluster.A);
      }
      long resumed = System.nanoTime();
      Wait.until("its statement has ended", () -> sessions(lost).isEmpty());
      long ended = SharedDag.millisSince(resumed);

      assertLost(dag.awaitEnd(Cluster.A, lost));
      dag.awaitAnswer(Cluster.C, data);
      everywhere();
      tables.awaitNothingLeftOver(dag.records()::generations);
      report("paused", ended, taken, readers);
    } finally {
      dag.files().seconds(0);
    }
    assertThat(readers.wrong()).isEmpty();
    assertThat(tables.shown()).isEqualTo(WarehouseTables.all(data));
  }

  /** Starts a run on the first worker and returns while PostgreSQL builds a table for it. */
  private static String inTheMiddle() {
    dag.files().seconds(LONG);
    String id = dag.begin(Cluster.A);
    Wait.until("a table is built", () -> !sessions(id).isEmpty());
    // What the next run builds, it finds this.
    dag.files().seconds(0);
    return id;
  }

  /** Those that build the slow table of a run. */
  private static List<String> sessions(String run) {
    return database.column(
        """
        SELECT pid FROM pg_stat_activity
        WHERE application_name = 'ingot/%s/%s' AND query LIKE '%%pg_sleep%%' AND state = 'active'
        """
            .formatted(Topology.PROJECT, run));
  }

  private static void assertLost(JsonNode run) {
    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.path("error").asString()).isEqualTo("worker_lost");
  }

  /** The version before is kept for who reads it, so all must read the newest. */
  private static void everywhere() {
    dag.reload(Cluster.A);
    dag.reload(Cluster.B);
    for (int worker = 0; worker < Cluster.WORKERS; worker++) {
      dag.awaitAnswer(worker, data);
    }
  }

  private static void report(String what, long ended, long taken, SharedReaders readers) {
    System.out.printf(
        "a worker %s in the middle of a table: its statement ended after %d ms, its run was taken over after %d ms, lease %d ms; %d answers, %d wrong, slowest %d ms%n",
        what,
        ended,
        taken,
        Cluster.LEASE.toMillis(),
        readers.answers(),
        readers.wrong().size(),
        readers.slowest());
  }
}
