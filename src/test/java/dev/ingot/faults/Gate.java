package dev.ingot.faults;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds a run at a step until the test lets it go. */
final class Gate implements Runnable {

  private static final Duration FOR_THE_TEST = Duration.ofMinutes(1);
  private static final Duration FOR_THE_RUN = Duration.ofSeconds(5);

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);

  @Override
  public void run() {
    reached.countDown();
    await(open, FOR_THE_TEST);
  }

  /** False when the run doesn't come to it; not every run asks the same things as often. */
  boolean awaitRun() {
    return await(reached, FOR_THE_RUN);
  }

  /** Waits for who must come to it. */
  void awaitComing() {
    if (!await(reached, FOR_THE_TEST)) {
      throw new AssertionError("nobody came in " + FOR_THE_TEST);
    }
  }

  void open() {
    open.countDown();
  }

  private static boolean await(CountDownLatch latch, Duration patience) {
    try {
      return latch.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
