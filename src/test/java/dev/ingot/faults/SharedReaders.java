package dev.ingot.faults;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/** Queries that join two targets, all the time, each reader on one worker. */
final class SharedReaders implements AutoCloseable {

  /** Between two queries of a reader: the machine has other things to do, too. */
  private static final int PACE_MILLIS = 50;

  private final ScheduledExecutorService readers;
  private final List<String> wrong = new CopyOnWriteArrayList<>();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicLong slowest = new AtomicLong();

  /** So many readers on each of these workers. */
  SharedReaders(SharedDag dag, int each, int... workers) {
    readers = Executors.newScheduledThreadPool(each * workers.length);
    for (int worker : workers) {
      for (int i = 0; i < each; i++) {
        var reader = new Reader(dag.on(worker), worker);
        var _ = readers.scheduleWithFixedDelay(reader::read, 0, PACE_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Errors, answers that mix versions, and answers from an older version than the last. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  int answers() {
    return answers.get();
  }

  /** Of all answers, in milliseconds. */
  long slowest() {
    return slowest.get();
  }

  @Override
  public void close() throws InterruptedException {
    readers.shutdown();
    if (!readers.awaitTermination(1, TimeUnit.MINUTES)) {
      throw new AssertionError("a reader waits for its answer");
    }
  }

  private final class Reader {

    private final PackageApi api;
    private final int worker;
    private int last;

    Reader(PackageApi api, int worker) {
      this.api = api;
      this.worker = worker;
    }

    void read() {
      long asked = System.nanoTime();
      try {
        Answer answer = api.query(FaultDag.MODEL, FaultDag.QUERY);
        if (answer.status() == 200) {
          check(answer.rows());
        } else {
          wrong.add("worker %d: %s".formatted(worker, answer));
        }
      } catch (UncheckedIOException e) {
        wrong.add("worker %d: %s".formatted(worker, e));
      }
      slowest.accumulateAndGet(SharedDag.millisSince(asked), Math::max);
      answers.incrementAndGet();
    }

    private void check(JsonNode rows) {
      int data = rows.path(0).path("lv").asInt();
      if (!rows.toString().equals(FaultDag.answer(data)) || data < last) {
        wrong.add("worker %d, after %d: %s".formatted(worker, last, rows));
      }
      last = data;
    }
  }
}
