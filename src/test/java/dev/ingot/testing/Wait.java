package dev.ingot.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Looks again and again until something is so. */
public final class Wait {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Wait() {}

  /**
   * @param what for the message when it never comes to be
   */
  public static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("after %s still not: %s".formatted(PATIENCE, what));
      }
      Thread.onSpinWait();
    }
  }
}
