package dev.ingot.materialization;

import dev.ingot.fault.Fault;
import dev.ingot.manifest.PackageTurns;
import dev.ingot.manifest.Turn;
import dev.ingot.project.PackageKey;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** Turns for what must not come beside a run, wherever that is carried out. */
@Component
class BetweenRuns {

  private final PackageTurns turns;
  private final MaterializationStore runs;

  BetweenRuns(PackageTurns turns, MaterializationStore runs) {
    this.turns = turns;
    this.runs = runs;
  }

  /**
   * Does something in a turn of the package that no run has. One that is RUNNING isn't waited for;
   * one that has ended is gone in a moment.
   *
   * @throws Fault PACKAGE_BUSY
   */
  <T> T take(PackageKey key, Function<Turn, T> work) {
    refuseRunning(key);
    return turns.takeSoon(key, work);
  }

  /**
   * @throws Fault PACKAGE_BUSY while a run is RUNNING
   */
  void refuseRunning(PackageKey key) {
    if (runs.count(key, MaterializationStatus.RUNNING) > 0) {
      throw PackageTurns.busy(key);
    }
  }
}
