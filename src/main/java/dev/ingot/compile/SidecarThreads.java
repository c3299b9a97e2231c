package dev.ingot.compile;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Where the compiler's processes are started, heard, spoken to and looked after. Reads from a pipe
 * and writes into it hold a virtual thread's carrier, so each end of one has a platform thread of
 * its own, a few for each process; whoever asks something of a process only waits for them.
 */
@Component
class SidecarThreads implements DisposableBean {

  private final ExecutorService pipes =
      Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
  private final ExecutorService questions =
      Executors.newThreadPerTaskExecutor(
          Thread.ofPlatform().daemon().name("sidecar-question-", 0).factory());
  private final ScheduledExecutorService checks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sidecar-check").factory());

  /** Starts work that reads or writes a pipe, or starts a process, on a thread of this name. */
  void pipe(String name, Runnable work) {
    pipes.execute(() -> {
      Thread.currentThread().setName(name);
      work.run();
    });
  }

  /** Starts the answer to a question of a process; it may wait for a database. */
  void question(Runnable answer) {
    questions.execute(answer);
  }

  /** Does this again and again, with that much time in between. */
  void every(Duration time, Runnable check) {
    var _ =
        checks.scheduleWithFixedDelay(check, time.toNanos(), time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** No check comes after this; what reads, writes or answers ends with its process. */
  @Override
  public void destroy() {
    checks.shutdownNow();
  }
}
