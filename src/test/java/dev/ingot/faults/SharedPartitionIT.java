package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.Wait;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A worker loses its way to the catalog while it builds. */
class SharedPartitionIT {

  private final Cluster cluster = Cluster.shared();

  @Test
  void aWorkerWhoseCatalogRefusesItPublishesNothingServesOnAndComesBack() throws Exception {
    cutOff("refused", FaultyProxy::cut);
  }

  @Test
  void soDoesOneWhoseCatalogIsSilent() throws Exception {
    cutOff("silent", FaultyProxy::stall);
  }

  private void cutOff(String way, Consumer<FaultyProxy> fault) throws Exception {
    SharedDag dag = cluster.register(way);
    dag.build(Cluster.A);
    dag.awaitAnswer(Cluster.C, 1);
    String pending = dag.on(Cluster.B).create("{}");
    dag.files().data(2);
    dag.files().slow(true);
    String lost = dag.begin(Cluster.A);
    Wait.until("it builds", () -> isBuilding(dag.on(Cluster.A).get(lost)));

    FaultyProxy line = cluster.topology().catalogLine(Cluster.A);
    SharedReaders readers = new SharedReaders(dag, 1, Cluster.A);
    fault.accept(line);
    long cut = System.nanoTime();
    long wait;
    String next;
    try (readers) {
      dag.files().slow(false);
      dag.files().data(3);
      next = dag.takeOver(Cluster.B);
      wait = SharedDag.millisSince(cut);
      assertThat(dag.awaitEnd(Cluster.B, next).path("status").asString()).isEqualTo("SUCCESS");
      dag.awaitAnswer(Cluster.C, 3);

      long asked = System.nanoTime();
      Answer start = dag.start(Cluster.A, pending).expect(503);
      System.out.printf(
          "a start without a catalog: 503 after %d ms%n", SharedDag.millisSince(asked));
      assertThat(start.code()).isEqualTo("catalog_unavailable");
      assertThat(start.headers().firstValue("Retry-After")).isPresent();
      assertThat(Cluster.reachesCatalog(dag.client(Cluster.A))).isFalse();
      JsonNode ready = dag.client(Cluster.A).get("/health/readiness").expect(200).json();
      assertThat(ready.path("status").asString()).isEqualTo("UP");
    } finally {
      line.resume();
    }
    System.out.printf(
        "catalog %s: taken over after %d ms, lease %d ms; meanwhile %d answers, %d wrong, slowest %d ms%n",
        way,
        wait,
        Cluster.LEASE.toMillis(),
        readers.answers(),
        readers.wrong().size(),
        readers.slowest());
    assertThat(readers.wrong()).isEmpty();
    assertThat(readers.answers()).isPositive();

    long back = System.nanoTime();
    Wait.until(
        "it reloads",
        () ->
            dag.client(Cluster.A).post(dag.on(Cluster.A).path() + "/manifest/reload").status()
                == 200);
    System.out.printf("back after %d ms%n", SharedDag.millisSince(back));
    assertThat(dag.answer(Cluster.A)).isEqualTo(FaultDag.answer(3));
    assertThat(dag.on(Cluster.A).get(lost).path("error").asString()).isEqualTo("worker_lost");
    // Its turn comes when all of the lost run is over.
    assertThat(dag.on(Cluster.A).build("{}").path("status").asString()).isEqualTo("SUCCESS");
    assertThat(dag.records().publisher()).isEqualTo(next);
    dag.files().data(4);
    dag.build(Cluster.A);
    dag.awaitAnswer(Cluster.C, 4);
    dag.reload(Cluster.B);
    dag.awaitNothingOrphaned();
  }

  private static boolean isBuilding(JsonNode run) {
    return run.path("targets")
        .valueStream()
        .anyMatch(target ->
            target.path("tableName").asString().equals("slow")
                && target.path("status").asString().equals("RUNNING"));
  }
}
