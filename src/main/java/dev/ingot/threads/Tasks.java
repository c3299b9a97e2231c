package dev.ingot.threads;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** Work of the server's own, in the background: what no request waits for on its own thread. */
public interface Tasks {

  /**
   * Starts work at once, whatever else is under way.
   *
   * @param name of its thread, for who reads the log
   */
  void start(String name, Runnable work);

  /** The same for what goes on when that has ended which it is started for. */
  default void startApart(String name, Runnable work) {
    start(name, work);
  }

  /** Starts work with a result. */
  default <T> CompletableFuture<T> supply(String name, Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, named(name));
  }

  /** Starts work after a while. */
  default void startAfter(Duration wait, String name, Runnable work) {
    Executor later =
        CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS, named(name));
    later.execute(work);
  }

  /**
   * Does work again and again, with a pause before each; an error is logged and ends nothing.
   *
   * @return ends it, but not what is being done just then
   */
  default Runnable every(Duration pause, String name, Runnable work) {
    var ended = new CountDownLatch(1);
    startApart(name, () -> repeat(pause, name, work, ended));
    return ended::countDown;
  }

  private static void repeat(Duration pause, String name, Runnable work, CountDownLatch ended) {
    try {
      while (!ended.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          work.run();
        } catch (RuntimeException e) {
          LoggerFactory.getLogger(Tasks.class).error("{} failed, and comes again", name, e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Executor named(String name) {
    return work -> start(name, work);
  }
}
