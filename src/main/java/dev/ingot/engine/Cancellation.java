package dev.ingot.engine;

import dev.ingot.threads.PlatformCalls;
import java.time.Duration;
import java.util.concurrent.CancellationException;
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
 *   <li>A database may not let itself be interrupted in whatever it does. So after {@link
 *       #PATIENCE} the caller leaves, and the statement goes on by itself until it ends; whatever
 *       comes of it then counts as cancelled, so nothing of it is committed.
 * </ol>
 */
public final class Cancellation {

  private static final Logger log = LoggerFactory.getLogger(Cancellation.class);
  private static final Duration REPEAT = Duration.ofMillis(10);

  /** How long the end of what was cancelled is waited for. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private @Nullable String reason;
  private @Nullable Canceller running;
  private PlatformCalls.@Nullable Handed<?> handed;

  /** The call that was handed over has done its work on a statement; it isn't left any more. */
  private boolean done;

  private boolean left;

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
   * Makes a call on a platform thread; see {@link PlatformCalls}. One that still waits for its
   * thread when it is cancelled is taken back at once, and one that doesn't end is left.
   *
   * @throws CancelledException when it was taken back or left, or the work says so
   */
  public <T> T call(PlatformCalls calls, Supplier<T> work) {
    PlatformCalls.Handed<T> call = hand(calls, work);
    try {
      return call.await();
    } catch (CancellationException e) {
      throw new CancelledException(
          reason() + (isLeft() ? "; the database can't interrupt it, so it still runs" : ""), e);
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
    requireNone();
    done = false;
    PlatformCalls.Handed<T> call = calls.hand(work::get);
    handed = call;
    return call;
  }

  private synchronized void withdraw() {
    handed = null;
    notifyAll();
  }

  /**
   * Runs work on a statement that {@link #cancel} can end. One at a time.
   *
   * @throws CancelledException when it was cancelled, before or while it ran, or left
   */
  public <T, X extends Exception> T run(Canceller canceller, Work<T, X> work) throws X {
    register(canceller);
    T result;
    try {
      result = work.run();
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
    if (isLeft()) {
      requireNone();
    }
    return result;
  }

  private synchronized void register(Canceller canceller) {
    requireNone();
    running = canceller;
  }

  private synchronized void release() {
    running = null;
    done = true;
    notifyAll();
  }

  /**
   * Looks whether it was cancelled, between two steps of a statement.
   *
   * @throws CancelledException when it was
   */
  public synchronized void requireNone() {
    if (reason != null) {
      throw new CancelledException(reason, null);
    }
  }

  /** Why it was cancelled; null while it wasn't. */
  public synchronized @Nullable String reason() {
    return reason;
  }

  /** True once nobody waits any more for the end of what was cancelled. */
  public synchronized boolean isLeft() {
    return left;
  }

  /** Cancels and returns at once; the first reason given stays. */
  public void cancel(String why) {
    synchronized (this) {
      if (reason != null) {
        return;
      }
      reason = why;
      notifyAll();
      if (handed != null && handed.takeBack()) {
        return;
      }
    }
    if (isUnderWay()) {
      cancelRunning();
      // A virtual one: it sleeps nearly all the time, and what a canceller does is short.
      Thread.ofVirtual().name("cancel").start(this::repeat);
    }
  }

  private void repeat() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (isUnderWay()) {
        cancelRunning();
        if (System.nanoTime() > end) {
          leave();
        }
        pause();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isUnderWay() {
    return running != null || handed != null;
  }

  private synchronized void pause() throws InterruptedException {
    if (isUnderWay()) {
      TimeUnit.NANOSECONDS.timedWait(this, REPEAT.toNanos());
    }
  }

  /** After its last statement a call does what can't be undone, such as a commit. */
  private synchronized void leave() {
    if (handed != null && !left && (running != null || !done)) {
      left = handed.leave();
    }
  }

  private synchronized void cancelRunning() {
    // Under the lock: once it was taken off, what it would end may be freed memory.
    if (running != null) {
      try {
        running.cancel();
      } catch (Exception e) {
        log.debug("A statement could not be cancelled; it may have ended by itself", e);
      }
    }
  }
}
