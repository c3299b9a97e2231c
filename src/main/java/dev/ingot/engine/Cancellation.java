package dev.ingot.engine;

import dev.ingot.threads.PlatformCalls;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one thread end what another runs on a database.
 *
 * <ol>
 *   <li>Work that waits for a platform thread is taken back, and never begins.
 *   <li>The runner registers its statement, then looks whether it was cancelled, then executes.
 *   <li>The canceller marks first, then cancels the registered statement again and again until the
 *       runner has taken it off: a single cancel that lands before the engine begins is lost.
 * </ol>
 */
public final class Cancellation {

  private static final Logger log = LoggerFactory.getLogger(Cancellation.class);
  private static final Duration REPEAT = Duration.ofMillis(10);

  private @Nullable String reason;
  private @Nullable Canceller running;
  private PlatformCalls.@Nullable Handed<?> handed;
  private CountDownLatch ended = new CountDownLatch(0);

  /** Work on a registered statement. */
  public interface Work<T, X extends Exception> {
    T run() throws X;
  }

  /**
   * Ends what runs; called again and again until it has ended, and never after that. It only tells
   * the database, on whatever thread: it must not wait for the end.
   */
  public interface Canceller {
    void cancel() throws Exception;
  }

  /** The work was cancelled. */
  public static final class CancelledException extends RuntimeException {
    CancelledException(String reason, @Nullable Throwable cause) {
      super(reason, cause);
    }
  }

  /**
   * Makes a call that needs a platform thread, from whatever thread; see {@link PlatformCalls}. One
   * that still waits for its thread when it is cancelled is taken back at once.
   *
   * @throws CancelledException when it was taken back, or the work says so
   */
  public <T> T call(PlatformCalls calls, Supplier<T> work) {
    if (!Thread.currentThread().isVirtual()) {
      return work.get();
    }
    PlatformCalls.Handed<T> call = hand(calls, work);
    try {
      return call.await();
    } catch (CancellationException e) {
      throw new CancelledException(String.valueOf(reason()), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException("a call threw what it doesn't declare", e);
    } finally {
      withdraw();
    }
  }

  private synchronized <T> PlatformCalls.Handed<T> hand(PlatformCalls calls, Supplier<T> work) {
    if (reason != null) {
      throw new CancelledException(reason, null);
    }
    PlatformCalls.Handed<T> call = calls.hand(work::get);
    handed = call;
    return call;
  }

  private synchronized void withdraw() {
    handed = null;
  }

  /**
   * Runs work on a statement that {@link #cancel} can end. One at a time.
   *
   * @throws CancelledException when it was cancelled, before or while it ran
   */
  public <T, X extends Exception> T run(Canceller canceller, Work<T, X> work) throws X {
    register(canceller);
    try {
      return work.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      String why = reason();
      if (why != null) {
        throw new CancelledException(why, e);
      }
      throw e;
    } finally {
      release();
    }
  }

  private synchronized void register(Canceller canceller) {
    if (reason != null) {
      throw new CancelledException(reason, null);
    }
    running = canceller;
    ended = new CountDownLatch(1);
  }

  private synchronized void release() {
    running = null;
    ended.countDown();
  }

  /** Why it was cancelled; null while it wasn't. */
  public synchronized @Nullable String reason() {
    return reason;
  }

  /** Cancels and returns at once; the first reason given stays. */
  public void cancel(String why) {
    synchronized (this) {
      if (reason != null) {
        return;
      }
      reason = why;
      if (handed != null && handed.takeBack()) {
        return;
      }
    }
    if (!cancelRunning()) {
      // A virtual one: it sleeps nearly all the time, and what a canceller does is short.
      Thread.ofVirtual().name("cancel").start(this::repeat);
    }
  }

  private void repeat() {
    try {
      do {
        if (cancelRunning()) {
          return;
        }
      } while (!latch().await(REPEAT.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized CountDownLatch latch() {
    return ended;
  }

  /** True when nothing runs any more. */
  private synchronized boolean cancelRunning() {
    // Under the lock: once it was taken off, what it would end may be freed memory.
    if (running == null) {
      return true;
    }
    try {
      running.cancel();
    } catch (Exception e) {
      log.debug("A statement could not be cancelled; it may have ended by itself", e);
    }
    return false;
  }
}
