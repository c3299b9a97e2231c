package dev.ingot.compile;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Signs of life of a process at work. One that is silent and uses its processor computes; one that
 * uses none was stopped from outside, and no model is to blame for it.
 */
final class Pulse {

  /** How often a silent process is looked at. */
  static final Duration BEAT = Duration.ofMillis(250);

  /** Looks in a row without any use of the processor. Counted, as this process may pause too. */
  private static final int STILL = 4;

  private final ProcessHandle process;
  private long heard = System.nanoTime();
  private @Nullable Duration used;
  private int still;

  Pulse(ProcessHandle process) {
    this.process = process;
  }

  /** Something was heard of it, or said to it. */
  synchronized void beat() {
    heard = System.nanoTime();
    used = null;
    still = 0;
  }

  synchronized Duration silence() {
    return Duration.ofNanos(System.nanoTime() - heard);
  }

  /** Called once in each {@link #BEAT} of silence; never true where the system doesn't tell. */
  synchronized boolean hasStopped() {
    Duration now = process.info().totalCpuDuration().orElse(null);
    still = now != null && now.equals(used) ? still + 1 : 0;
    used = now;
    return still >= STILL;
  }
}
