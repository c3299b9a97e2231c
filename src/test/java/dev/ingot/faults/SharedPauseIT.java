package dev.ingot.faults;

import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The worker that builds stands still for longer than its lease, and goes on (P4). */
class SharedPauseIT {

  /** -Dingot.test.shared.pauses=20 for more. */
  private static final int PAUSES = Integer.getInteger("ingot.test.shared.pauses", 1);

  @Test
  void whatWasPausedPastItsLeasePublishesNothing() {
    Cluster cluster = Cluster.shared();
    SharedDag dag = cluster.register("paused");
    var random = new Random(Cluster.SEED);
    dag.files().rows(3);
    dag.build(Cluster.A);
    long began = System.nanoTime();
    dag.build(Cluster.A);
    int length = (int) SharedDag.millisSince(began);
    Map<String, Integer> outcomes = new TreeMap<>();
    int stale = 0;
    int data = 1;
    for (int pause = 1; pause <= PAUSES; pause++) {
      long version = dag.records().version();
      dag.files().data(++data);
      String first = dag.begin(Cluster.A);
      int moment = random.nextInt(length);
      cluster.worker(Cluster.A).awaitEnd(Duration.ofMillis(moment));
      cluster.topology().pause(Cluster.A);
      long paused = System.nanoTime();
      String second;
      long wait;
      try {
        // What the first one would publish can be told from what the second one does.
        dag.files().data(++data);
        second = dag.takeOver(Cluster.B);
        wait = SharedDag.millisSince(paused);
        assertThat(dag.awaitEnd(Cluster.B, second).path("status").asString()).isEqualTo("SUCCESS");
      } finally {
        cluster.topology().resume(Cluster.A);
      }

      assertThat(dag.answer(Cluster.B)).isEqualTo(FaultDag.answer(data));
      // Its turn comes when all of the first run is over.
      JsonNode unchanged = dag.on(Cluster.A).build("{}");
      assertThat(what(unchanged)).hasSize(FaultDag.TARGETS).allMatch(t -> t.contains(" REUSED "));
      JsonNode run = dag.on(Cluster.A).get(first);
      String outcome = run.path("status").asString();
      outcomes.merge(outcome, 1, Integer::sum);
      System.out.printf(
          "paused after %d of %d ms: %s, taken over after %d ms%n", moment, length, outcome, wait);
      boolean before = outcome.equals("SUCCESS");
      if (!before) {
        assertThat(run.path("error").asString()).isEqualTo("worker_lost");
      }
      if (!dag.records().publisher().equals(second)
          || dag.records().version() != version + (before ? 2 : 1)) {
        stale++;
      }
      assertThat(dag.answer(Cluster.A)).isEqualTo(FaultDag.answer(data));
      dag.awaitAnswer(Cluster.C, data);
      dag.awaitNothingOrphaned();
    }

    System.out.printf(
        "%d pauses of the worker that builds: %s; %d stale publications, 0 orphans%n",
        PAUSES, outcomes, stale);
    assertThat(stale).isZero();
  }
}
