package dev.ingot.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Looks again and again until something is so. */
public final class Wait {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Of the time waited so far, which is what a pause adds to it at most. */
  private static final int PAUSE_PART = 16;

  private static final long SHORTEST_PAUSE = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  private Wait() {}

  /**
   * Pauses between two looks: whoever looks without a pause takes a processor from what it waits
   * for.
   *
   * @param what for the message when it never comes to be
   */
  public static void until(String what, BooleanSupplier condition) {
    until(what, PATIENCE, condition);
  }

  /** The same with another patience than a minute. */
  public static void until(String what, Duration patience, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      long waited = checked(what, patience, start);
      LockSupport.parkNanos(Math.clamp(waited / PAUSE_PART, SHORTEST_PAUSE, LONGEST_PAUSE));
    }
  }

  /** Without pauses: for what must be seen in the very moment in which it comes to be. */
  public static void closely(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      checked(what, PATIENCE, start);
      Thread.onSpinWait();
    }
  }

  private static long checked(String what, Duration patience, long start) {
    long waited = System.nanoTime() - start;
    if (waited > patience.toNanos()) {
      throw new AssertionError("after %s still not: %s".formatted(patience, what));
    }
    return waited;
  }
}
