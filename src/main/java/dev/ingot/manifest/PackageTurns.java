package dev.ingot.manifest;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageKey;
import dev.ingot.threads.LockRank;
import dev.ingot.threads.RankedLock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * One at a time for each package: a run with its clean-up, a change of the package, the janitor. A
 * run that was stopped in the records may still clean up when the next one is started.
 */
@Component
public class PackageTurns {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ConcurrentHashMap<PackageKey, RankedLock> turns = new ConcurrentHashMap<>();

  /** Waits for the turn as long as it takes. */
  public <T> T take(PackageKey key, Function<Turn, T> work) {
    return lock(key).hold(turn(key, work));
  }

  /** Does it only if nobody has the turn now; empty otherwise. */
  public <T> Optional<T> takeIfFree(PackageKey key, Function<Turn, T> work) {
    return lock(key).holdIfFree(turn(key, work));
  }

  /**
   * Waits for the turn only for a moment: a run at work is not waited for.
   *
   * @throws Fault PACKAGE_BUSY
   */
  public <T> T takeSoon(PackageKey key, Function<Turn, T> work) {
    try {
      return lock(key).holdWithin(PATIENCE, turn(key, work)).orElseThrow(() -> busy(key));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(FaultCode.CANCELLED, "Interrupted while waiting for a materialization", e);
    }
  }

  /** What a caller is told whose package is not to be had. */
  public static Fault busy(PackageKey key) {
    return new Fault(
        FaultCode.PACKAGE_BUSY,
        "Package %s has a materialization that is RUNNING or still cleans up, or a teardown or a change: stop it or wait for it"
            .formatted(key));
  }

  private RankedLock lock(PackageKey key) {
    return turns.computeIfAbsent(key, k -> new RankedLock(LockRank.TURN, k));
  }

  private static <T> Supplier<T> turn(PackageKey key, Function<Turn, T> work) {
    return () -> {
      var turn = new Turn(key);
      try {
        return work.apply(turn);
      } finally {
        turn.end();
      }
    };
  }
}
