package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.Wait;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the workers share fails while one of them builds. */
class SharedOutageIT {

  /** -Dingot.test.shared.restarts=10 for more. */
  private static final int RESTARTS = Integer.getInteger("ingot.test.shared.restarts", 1);

  /** About as long as a publication takes. */
  private static final int PUBLICATION_MILLIS = 80;

  private final Cluster cluster = Cluster.shared();

  @Test
  void aCatalogThatCrashesAtAPublicationLeavesNoDoubtAboutIt() {
    SharedDag dag = cluster.register("restarted");
    var random = new Random(Cluster.SEED);
    dag.build(Cluster.A);
    dag.awaitAnswer(Cluster.C, 1);
    Map<String, Integer> outcomes = new TreeMap<>();
    int ambiguous = 0;
    int served = 1;
    for (int data = 2; data <= RESTARTS + 1; data++) {
      String before = dag.records().publisher();
      dag.files().data(data);
      String id = dag.begin(Cluster.A);
      Wait.until("all is built", () -> dag.records().allBuilt(id));
      int moment = random.nextInt(PUBLICATION_MILLIS);
      cluster.worker(Cluster.A).awaitEnd(Duration.ofMillis(moment));
      long down = System.nanoTime();
      cluster.postgres().restartImmediately();
      long restart = SharedDag.millisSince(down);

      JsonNode run = dag.awaitEnd(Cluster.A, id);
      String status = run.path("status").asString();
      long known = SharedDag.millisSince(down);
      outcomes.merge(status, 1, Integer::sum);
      boolean published = status.equals("SUCCESS");
      if (published) {
        served = data;
      }
      // Promise P11 where it was built; the others as they do always.
      String answer = dag.answer(Cluster.A);
      boolean agree =
          answer.equals(FaultDag.answer(served))
              && dag.records().publisher().equals(published ? id : before);
      if (!agree) {
        ambiguous++;
      }
      System.out.printf(
          "catalog away for %d ms, %d ms after all was built: %s after %d ms, %s; answers %s%n",
          restart, moment, status, known, run.path("error").asString(), answer);
      dag.awaitAnswer(Cluster.C, served);
      Wait.until(
          "a worker reloads",
          () ->
              dag.client(Cluster.B).post(dag.on(Cluster.B).path() + "/manifest/reload").status()
                  == 200);
      assertThat(dag.answer(Cluster.B)).isEqualTo(FaultDag.answer(served));
    }

    System.out.printf(
        "%d crashes of the catalog at a publication: %s, %d ambiguous%n",
        RESTARTS, outcomes, ambiguous);
    assertThat(ambiguous).isZero();
    dag.files().data(RESTARTS + 2);
    dag.build(Cluster.A);
    dag.reload(Cluster.B);
    dag.awaitNothingOrphaned();
  }

  @Test
  void aBucketThatFailsFailsTheRunAndNothingThatIsServedChanges() {
    SharedDag dag = cluster.register("bucket");
    dag.build(Cluster.A);
    dag.reload(Cluster.B);
    dag.awaitAnswer(Cluster.C, 1);
    FaultyProxy line = cluster.topology().bucketLine(Cluster.A);

    fail(dag, "refused", line, line::cut);
    fail(dag, "answering 500s", line, line::fail);

    dag.files().data(3);
    line.slow(Duration.ofMillis(50));
    String slow;
    try {
      slow = dag.begin(Cluster.A);
      System.out.printf(
          "bucket slow: %s%n", dag.awaitEnd(Cluster.A, slow).path("status").asString());
    } finally {
      line.resume();
    }
    assertThat(dag.on(Cluster.A).get(slow).path("status").asString()).isEqualTo("SUCCESS");
    assertThat(dag.answer(Cluster.A)).isEqualTo(FaultDag.answer(3));
    dag.awaitAnswer(Cluster.C, 3);
    dag.reload(Cluster.B);
    dag.awaitNothingOrphaned();
  }

  @Test
  void aWorkerThatStartsWithoutItsBucketTakesTheTablesUpOnceItAnswers() {
    SharedDag dag = cluster.register("late");
    dag.build(Cluster.A);
    dag.awaitAnswer(Cluster.C, 1);
    FaultyProxy line = cluster.topology().bucketLine(Cluster.C);
    cluster.topology().kill(Cluster.C);
    line.cut();
    try {
      cluster.topology().restart(Cluster.C);
      assertThat(dag.answer(Cluster.C)).isEqualTo(FaultDag.answer(1));
      assertThat(dag.materialized(Cluster.C)).isEmpty();
    } finally {
      line.resume();
    }
    Wait.until("its tables are found", () -> !dag.materialized(Cluster.C).isEmpty());
    assertThat(dag.answer(Cluster.C)).isEqualTo(FaultDag.answer(1));
  }

  private void fail(SharedDag dag, String how, FaultyProxy line, Runnable fault) {
    long version = dag.records().version();
    dag.files().data(2);
    fault.run();
    JsonNode run;
    long began = System.nanoTime();
    try {
      run = dag.awaitEnd(Cluster.A, dag.begin(Cluster.A));
    } finally {
      line.resume();
    }
    System.out.printf(
        "bucket %s: %s after %d ms, %s%n",
        how,
        run.path("status").asString(),
        SharedDag.millisSince(began),
        run.path("error").asString());
    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.path("error").asString()).contains("HTTP");
    assertThat(dag.records().version()).isEqualTo(version);
    for (int worker = 0; worker < Cluster.WORKERS; worker++) {
      assertThat(dag.answer(worker)).isEqualTo(FaultDag.answer(1));
    }
  }
}
