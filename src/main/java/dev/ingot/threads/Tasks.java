package dev.ingot.threads;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Work of the server's own, in the background: what no request waits for on its own thread. */
public interface Tasks {

  /**
   * Starts work at once, whatever else is under way.
   *
   * @param name of its thread, for who reads the log
   */
  void start(String name, Runnable work);

  /** The same for work with a result. */
  default <T> CompletableFuture<T> supply(String name, Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, named(name));
  }

  /** Starts work after a while. */
  default void startAfter(Duration wait, String name, Runnable work) {
    Executor later =
        CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS, named(name));
    later.execute(work);
  }

  private Executor named(String name) {
    return work -> start(name, work);
  }
}
