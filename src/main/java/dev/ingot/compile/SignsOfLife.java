package dev.ingot.compile;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Of a process at work. One that is silent and uses its processor computes; one that uses none was
 * stopped from outside, and no model is to blame for it.
 */
final class SignsOfLife {

  /** How often a silent process is looked at. */
  static final Duration LOOK = Duration.ofMillis(250);

  /** Looks in a row without any use of the processor. Counted, as this process may pause too. */
  private static final int STILL = 4;

  private final ProcessHandle process;
  private final LongSupplier nanoTime;
  private long last;
  private @Nullable Duration used;
  private int still;

  SignsOfLife(ProcessHandle process, LongSupplier nanoTime) {
    this.process = process;
    this.nanoTime = nanoTime;
    last = nanoTime.getAsLong();
  }

  /** Something was heard of it, or said to it. */
  synchronized void seen() {
    last = nanoTime.getAsLong();
    used = null;
    still = 0;
  }

  synchronized Duration silence() {
    return Duration.ofNanos(nanoTime.getAsLong() - last);
  }

  /** Called once in each {@link #LOOK} of silence; never true where the system doesn't tell. */
  synchronized boolean hasStopped() {
    Duration now = process.info().totalCpuDuration().orElse(null);
    still = now != null && now.equals(used) ? still + 1 : 0;
    used = now;
    return still >= STILL;
  }
}
