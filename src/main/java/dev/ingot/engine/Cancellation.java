package dev.ingot.engine;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one thread end what another runs on a database.
 *
 * <ol>
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
  private CountDownLatch ended = new CountDownLatch(0);

  /** Work on a registered statement. */
  public interface Work<T> {
    T run() throws SQLException;
  }

  /** Ends what runs; called again and again until it has ended, and never after that. */
  public interface Canceller {
    void cancel() throws SQLException;
  }

  /** The work was cancelled. */
  public static final class CancelledException extends RuntimeException {
    CancelledException(String reason, @Nullable Throwable cause) {
      super(reason, cause);
    }
  }

  /**
   * Runs work on a statement that {@link #cancel} can end. One at a time.
   *
   * @throws CancelledException when it was cancelled, before or while it ran
   */
  public <T> T run(Statement statement, Work<T> work) throws SQLException {
    return run(statement::cancel, work);
  }

  /**
   * The same for what takes more than {@link Statement#cancel} to end.
   *
   * @throws CancelledException when it was cancelled, before or while it ran
   */
  public <T> T run(Canceller canceller, Work<T> work) throws SQLException {
    register(canceller);
    try {
      return work.run();
    } catch (SQLException e) {
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
    }
    if (!cancelRunning()) {
      Thread.ofPlatform().daemon().name("cancel").start(this::repeat);
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
    } catch (SQLException e) {
      log.debug("A statement could not be cancelled; it may have ended by itself", e);
    }
    return false;
  }
}
