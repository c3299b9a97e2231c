package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The worker that builds is killed, and another one takes over. */
class SharedKillIT {

  /** -Dingot.test.shared.kills=30 for more. */
  private static final int KILLS = Integer.getInteger("ingot.test.shared.kills", 1);

  private static final int READERS_EACH = 4;

  @Test
  void anotherWorkerTakesOverAndEveryAnswerIsWholeThroughout() throws Exception {
    Cluster cluster = Cluster.shared();
    SharedDag dag = cluster.register("killed");
    var random = new Random(Cluster.SEED);
    dag.files().rows(3);
    dag.build(Cluster.A);
    long began = System.nanoTime();
    dag.build(Cluster.A);
    int length = (int) SharedDag.millisSince(began);
    dag.reload(Cluster.B);
    dag.awaitAnswer(Cluster.C, 1);
    var waits = new LongSummaryStatistics();
    Map<String, Integer> outcomes = new TreeMap<>();
    SharedReaders readers = new SharedReaders(dag, READERS_EACH, Cluster.B, Cluster.C);
    try (readers) {
      for (int data = 2; data <= KILLS + 1; data++) {
        dag.files().data(data);
        String lost = dag.begin(Cluster.A);
        int moment = random.nextInt(length);
        cluster.worker(Cluster.A).awaitEnd(Duration.ofMillis(moment));
        cluster.topology().kill(Cluster.A);
        long killed = System.nanoTime();
        String next = dag.takeOver(Cluster.B);
        long wait = SharedDag.millisSince(killed);

        assertThat(dag.awaitEnd(Cluster.B, next).path("status").asString()).isEqualTo("SUCCESS");
        assertThat(dag.answer(Cluster.B)).isEqualTo(FaultDag.answer(data));
        dag.awaitAnswer(Cluster.C, data);
        JsonNode killedRun = dag.on(Cluster.B).get(lost);
        String outcome = killedRun.path("status").asString();
        outcomes.merge(outcome, 1, Integer::sum);
        System.out.printf(
            "killed after %d of %d ms: %s, taken over after %d ms%n",
            moment, length, outcome, wait);
        if (!outcome.equals("SUCCESS")) {
          waits.accept(wait);
          assertThat(killedRun.path("error").asString()).isEqualTo("worker_lost");
        }
        cluster.topology().restart(Cluster.A);
        assertThat(dag.answer(Cluster.A)).isEqualTo(FaultDag.answer(data));
      }
      dag.awaitNothingOrphaned();
    }

    System.out.printf(
        "%d kills of the worker that builds: %s; taken over after %d to %d ms, lease %d ms; %d answers, %d wrong, slowest %d ms%n",
        KILLS,
        outcomes,
        waits.getCount() == 0 ? 0 : waits.getMin(),
        waits.getCount() == 0 ? 0 : waits.getMax(),
        Cluster.LEASE.toMillis(),
        readers.answers(),
        readers.wrong().size(),
        readers.slowest());
    assertThat(readers.wrong()).isEmpty();
    assertThat(readers.answers()).isGreaterThan(KILLS);
  }
}
