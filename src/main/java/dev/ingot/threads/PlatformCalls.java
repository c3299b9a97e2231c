package dev.ingot.threads;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets virtual threads make calls that hold their carrier: native code, and reads and writes of a
 * process's pipes. With as many such calls as the machine has processors, every other virtual
 * thread would stand still.
 *
 * <ol>
 *   <li>A call from a virtual thread is made on one of a bounded number of platform threads, and
 *       the caller parks. While all of them are taken it waits its turn, first come, first served.
 *   <li>A call from a platform thread is made right there. So what runs in a call may make others,
 *       of this or of another room, and no call ever waits for a place that its own caller holds.
 *   <li>Whoever can't wait any longer {@linkplain Handed#leave leaves} a call that was handed over:
 *       native code can't be ended from outside.
 * </ol>
 */
public final class PlatformCalls implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PlatformCalls.class);
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final ThreadPoolExecutor threads;
  private final boolean bounded;

  /** Work that may throw. */
  public interface Work<T, X extends Exception> {
    T run() throws X;
  }

  /** A call that was handed over. */
  public interface Handed<T> {

    /**
     * Takes it back if it has not begun.
     *
     * @return false when it has, and goes on
     */
    boolean takeBack();

    /**
     * Waits for it no longer: from now on {@link #await} throws, and another call may be made in
     * its place. It goes on all the same.
     *
     * @return false when it has ended
     */
    boolean leave();

    /**
     * Waits until it has ended; an interruption is kept for later.
     *
     * @throws CancellationException when it was taken back or left
     * @throws ExecutionException with what the work threw
     */
    T await() throws ExecutionException;
  }

  /**
   * @param name of its threads
   * @param most threads at once; those that have nothing to do end
   */
  public PlatformCalls(String name, int most) {
    this(
        new ThreadPoolExecutor(
            most,
            most,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            factory(name)),
        true);
    threads.allowCoreThreadTimeOut(true);
  }

  private PlatformCalls(ThreadPoolExecutor threads, boolean bounded) {
    this.threads = threads;
    this.bounded = bounded;
  }

  /** Without a bound: for callers each of whom has a thread already, and may leave it. */
  public static PlatformCalls unbounded(String name) {
    return new PlatformCalls(
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            factory(name)),
        false);
  }

  private static ThreadFactory factory(String name) {
    return Thread.ofPlatform().daemon().name(name + "-", 0).factory();
  }

  /**
   * @throws IllegalStateException on a virtual thread
   */
  public static void requirePlatformThread() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException(
          "this call holds its thread's carrier: make it by way of PlatformCalls");
    }
  }

  /** Makes a call where it may be made, and returns when it has ended. */
  public <T, X extends Exception> T call(Work<T, X> work) throws X {
    if (!Thread.currentThread().isVirtual()) {
      return work.run();
    }
    try {
      return hand(work::run).await();
    } catch (ExecutionException e) {
      throw PlatformCalls.<X>thrown(Objects.requireNonNull(e.getCause()));
    }
  }

  /** Hands a call over, from whatever thread, for who may want to take it back or leave it. */
  public <T> Handed<T> hand(Callable<T> work) {
    var call = new Call<>(work);
    threads.execute(call);
    return call;
  }

  private final class Call<T> extends FutureTask<T> implements Handed<T> {

    /** Guarded by this. */
    private boolean left;

    Call(Callable<T> work) {
      super(work);
    }

    @Override
    public void run() {
      super.run();
      giveUpPlace();
    }

    private synchronized void giveUpPlace() {
      if (left) {
        addPlaces(-1);
      }
    }

    @Override
    public boolean takeBack() {
      // One that has begun can't be: only the database ends a statement.
      return threads.remove(this) && cancel(false);
    }

    @Override
    public synchronized boolean leave() {
      left = cancel(false);
      if (left) {
        addPlaces(1);
      }
      return left;
    }

    @Override
    public T await() throws ExecutionException {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            return get();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private synchronized void addPlaces(int more) {
    if (bounded) {
      int most = threads.getMaximumPoolSize() + more;
      if (more > 0) {
        threads.setMaximumPoolSize(most);
        threads.setCorePoolSize(most);
      } else {
        // In this order, as a core can't be more than all.
        threads.setCorePoolSize(most);
        threads.setMaximumPoolSize(most);
      }
    }
  }

  /** The same error, for which the work's own type vouches. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Exception> X thrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (X) cause;
  }

  /** As {@link #close()}, and waits for what runs, but no longer than that. */
  public void close(Duration patience) {
    close();
    try {
      if (!threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("What still runs isn't waited for: {}", threads);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes nothing more; what runs goes on. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
