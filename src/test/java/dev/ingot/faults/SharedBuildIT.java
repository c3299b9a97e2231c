package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Wait;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** One worker builds, all three serve. */
class SharedBuildIT {

  @Test
  void whatOneWorkerBuildsTheOthersServeAfterAReloadOrByFollowing() {
    SharedDag dag = Cluster.shared().register("served");

    dag.build(Cluster.A);
    long success = System.nanoTime();
    JsonNode tables = dag.tables(Cluster.A);
    Wait.until("another follows", () -> dag.materialized(Cluster.C).equals(tables));
    long following = SharedDag.millisSince(success);
    dag.reload(Cluster.B);
    // From here on only who reads the tables answers from the data they were built over.
    dag.files().data(2);

    System.out.printf("SUCCESS on one worker until another follows: %d ms%n", following);
    for (int worker = 0; worker < Cluster.WORKERS; worker++) {
      assertThat(dag.tables(worker)).isEqualTo(tables);
      assertThat(dag.answer(worker)).isEqualTo(FaultDag.answer(1));
    }

    dag.build(Cluster.A);
    assertThat(dag.answer(Cluster.A)).isEqualTo(FaultDag.answer(2));
    dag.awaitAnswer(Cluster.C, 2);
    assertThat(dag.answer(Cluster.B)).isEqualTo(FaultDag.answer(1));
    dag.reload(Cluster.B);
    assertThat(dag.answer(Cluster.B)).isEqualTo(FaultDag.answer(2));
    dag.awaitNothingOrphaned();
  }
}
