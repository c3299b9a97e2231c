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
    ReentrantLock turn = turn(key);
    boolean running = runs.count(key, MaterializationStatus.RUNNING) > 0;
    try {
      if (running || !turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Fault(
            FaultCode.PACKAGE_BUSY,
            "Package %s has %s: stop it or wait for it"
                .formatted(
                    key,
                    running
                        ? "a RUNNING materialization"
                        : "a materialization that cleans up, or a teardown or a change"));
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

  private ReentrantLock turn(PackageKey key) {
    return turns.computeIfAbsent(key, k -> new ReentrantLock(true));
  }
}
