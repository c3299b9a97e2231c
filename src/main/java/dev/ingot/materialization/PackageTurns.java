package dev.ingot.materialization;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * One at a time for each package: a run with its clean-up, a change of the package, the janitor. A
 * run that was stopped in the records may still clean up when the next one is started.
 */
@Component
class PackageTurns {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ConcurrentHashMap<PackageKey, ReentrantLock> turns = new ConcurrentHashMap<>();
  private final MaterializationStore runs;

  PackageTurns(MaterializationStore runs) {
    this.runs = runs;
  }

  /** Waits for the turn as long as it takes. */
  void take(PackageKey key, Runnable work) {
    ReentrantLock turn = turn(key);
    turn.lock();
    try {
      work.run();
    } finally {
      turn.unlock();
    }
  }

  /** Does it only if nobody has the turn now; empty otherwise. */
  <T> Optional<T> takeIfFree(PackageKey key, Supplier<T> work) {
    ReentrantLock turn = turn(key);
    if (!turn.tryLock()) {
      return Optional.empty();
    }
    try {
      return Optional.of(work.get());
    } finally {
      turn.unlock();
    }
  }

  /**
   * Does something while no run of the package is at work. One that is RUNNING isn't waited for;
   * one that has ended is gone in a moment.
   *
   * @throws Fault PACKAGE_BUSY
   */
  <T> T between(PackageKey key, Supplier<T> work) {
    if (runs.count(key, MaterializationStatus.RUNNING) > 0) {
      throw busy(key);
    }
    return here(key, work);
  }

  /**
   * Does something while no run of the package is at work on this server; others may have one.
   *
   * @throws Fault PACKAGE_BUSY
   */
  <T> T here(PackageKey key, Supplier<T> work) {
    ReentrantLock turn = turn(key);
    try {
      if (!turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw busy(key);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(FaultCode.CANCELLED, "Interrupted while waiting for a materialization", e);
    }
    try {
      return work.get();
    } finally {
      turn.unlock();
    }
  }

  private static Fault busy(PackageKey key) {
    return new Fault(
        FaultCode.PACKAGE_BUSY,
        "Package %s has a materialization that is RUNNING or still cleans up, or a teardown or a change: stop it or wait for it"
            .formatted(key));
  }

  private ReentrantLock turn(PackageKey key) {
    return turns.computeIfAbsent(key, k -> new ReentrantLock(true));
  }
}
