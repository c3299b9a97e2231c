package dev.ingot.materialization;

import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.plan.Plan;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes what a run built visible, all of it or nothing.
 *
 * <ol>
 *   <li>Prepare in memory what will be served, so that nothing can fail after the commit.
 *   <li>One transaction inserts the version and moves the run to SUCCESS; a run that was stopped
 *       meanwhile is not RUNNING any more, and nothing is written.
 *   <li>Swap the served package. Until then nobody is shown SUCCESS (promise P11).
 * </ol>
 *
 * <p>The declared names follow as views when the run cleans up. They are for people; what Ingot
 * serves doesn't need them, so their failure is no run's.
 */
@Component
class Publication {

  private final ServedPackages served;
  private final MaterializationStore runs;
  private final Clock clock;

  Publication(ServedPackages served, MaterializationStore runs, Clock clock) {
    this.served = served;
    this.runs = runs;
    this.clock = clock;
  }

  /** A version whose entries say what the current one says is not published again. */
  RunOutcome publish(PlannedRun planned, List<ManifestEntry> entries) {
    Materialization run = planned.run();
    Plan plan = planned.plan();
    Instant at = clock.instant();
    boolean changed = plan.base().map(base -> !base.says(entries)).orElse(true);
    ManifestVersion version =
        changed
            ? new ManifestVersion(run.key(), next(plan), new Cause.Run(run.id()), at, entries)
            : plan.base().orElseThrow();
    var prepared = new ServedPackage(plan.content(), version);
    @Nullable List<ManifestEntry> written = changed ? entries : null;
    boolean published =
        served.publish(
            run.key(),
            () -> runs.publish(run, written, at, plan.problems()).isPresent(),
            run.options().autoLoadManifest() ? prepared : null);
    if (!published) {
      return RunOutcome.Failed.of(
          "lease_lost", "The package was another server's before it was published");
    }
    return changed
        ? new RunOutcome.Published(version.number())
        : new RunOutcome.Unchanged(version.number());
  }

  private static long next(Plan plan) {
    return plan.base().map(ManifestVersion::number).orElse(0L) + 1;
  }
}
