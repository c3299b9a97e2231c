package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Starts of one package that race over three workers (P3). */
class SharedRaceIT {

  /** -Dingot.test.shared.starts=1000 for more. */
  private static final int STARTS = Integer.getInteger("ingot.test.shared.starts", 100);

  private static final int PENDING = 20;
  private static final int STARTERS = 24;
  private static final int PATIENCE_MILLIS = 10_000;

  private final SharedDag dag = Cluster.shared().register("raced");
  private final List<String> ids = new ArrayList<>();
  private final List<StartHistory.Start> starts = new CopyOnWriteArrayList<>();
  private final AtomicInteger left = new AtomicInteger(STARTS);
  private final AtomicInteger most = new AtomicInteger();
  private int running;

  @Test
  void ofAllStartsOnAnyWorkerOneAtATimeIsAccepted() throws Exception {
    dag.build(Cluster.A);
    for (int i = 0; i < PENDING; i++) {
      // Most have nothing to do, so that many get their turn before the starts are used up.
      ids.add(dag.on(i % Cluster.WORKERS).create(i % 5 == 0 ? SharedDag.FORCED : "{}"));
    }
    var ended = new AtomicBoolean();
    Thread observer = Thread.ofPlatform().daemon().start(() -> observe(ended));
    race();
    for (StartHistory.Start start : starts) {
      if (start.accepted()) {
        dag.awaitEnd(start.worker(), start.id());
      }
    }
    ended.set(true);
    observer.join();
    var history = new StartHistory(starts);
    List<String> violations = history.violations(id -> dag.on(Cluster.C).get(id), ids);

    System.out.printf(
        "%d starts of %d runs from %d threads over %d workers: %d accepted, at most %d RUNNING; refused: %s%n",
        starts.size(),
        PENDING,
        STARTERS,
        Cluster.WORKERS,
        history.accepted().size(),
        most.get(),
        history.refusals());
    assertThat(violations).isEmpty();
    assertThat(most.get()).isEqualTo(1);
    assertThat(history.accepted()).hasSizeGreaterThan(1);
  }

  /** Counts all the time, past the workers. */
  private void observe(AtomicBoolean ended) {
    while (!ended.get()) {
      saw(dag.records().running());
    }
  }

  private synchronized void saw(int now) {
    most.accumulateAndGet(now, Math::max);
    running = now;
    notifyAll();
  }

  private void race() throws Exception {
    var together = new CyclicBarrier(STARTERS);
    try (var pool = Executors.newFixedThreadPool(STARTERS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < STARTERS; i++) {
        var random = new Random(Cluster.SEED + i);
        int worker = i % Cluster.WORKERS;
        all.add(
            pool.submit(() -> {
              together.await();
              start(worker, random);
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private void start(int worker, Random random) throws InterruptedException {
    while (left.getAndDecrement() > 0) {
      String id = ids.get(random.nextInt(PENDING));
      Instant called = Instant.now();
      Answer answer = dag.start(worker, id);
      String said = answer.status() == 202 ? "202" : answer.status() + " " + answer.code();
      starts.add(new StartHistory.Start(worker, id, called, Instant.now(), said));
      if (answer.status() != 202) {
        awaitNone();
      }
    }
  }

  /** All of them come back at the moment that the package is free. */
  private synchronized void awaitNone() throws InterruptedException {
    while (running > 0) {
      wait(PATIENCE_MILLIS);
    }
  }
}
