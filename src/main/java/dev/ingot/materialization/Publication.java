package dev.ingot.materialization;

import dev.ingot.fault.Problem;
import dev.ingot.manifest.CutOver;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.Turn;
import dev.ingot.plan.Plan;
import dev.ingot.telemetry.Activity;
import dev.ingot.telemetry.Telemetry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Makes what a run built visible, all of it or nothing.
 *
 * <ol>
 *   <li>Prepare in memory what will be served, so that nothing can fail after the commit.
 *   <li>One transaction inserts the version and moves the run to SUCCESS; a run that was stopped
 *       meanwhile is not RUNNING any more, and nothing is written.
 *   <li>Swap the served package, before anybody is shown SUCCESS (promise P11); see {@link
 *       CutOver}.
 * </ol>
 *
 * <p>The declared names follow as views when the run cleans up. They are for people; what Ingot
 * serves doesn't need them, so their failure is no run's.
 */
@Component
class Publication {

  private final CutOver cutOver;
  private final MaterializationStore runs;
  private final Clock clock;
  private final Telemetry telemetry;

  Publication(CutOver cutOver, MaterializationStore runs, Clock clock, Telemetry telemetry) {
    this.cutOver = cutOver;
    this.runs = runs;
    this.clock = clock;
    this.telemetry = telemetry;
  }

  /**
   * A version whose entries say what the current one says is not published again.
   *
   * @param problems of the plan, and of what was not built
   */
  RunOutcome publish(
      Turn turn, PlannedRun planned, List<ManifestEntry> entries, List<Problem> problems) {
    Materialization run = planned.run();
    Plan plan = planned.plan();
    long base = plan.base().map(ManifestVersion::number).orElse(0L);
    boolean changed = plan.base().map(before -> !before.says(entries)).orElse(true);
    Instant at = clock.instant();
    ManifestVersion next =
        changed
            ? new ManifestVersion(run.key(), base + 1, new Cause.Run(run.id()), at, entries)
            : plan.base().orElseThrow();
    Supplier<PublicationAnswer> commit =
        () -> runs.publish(run, base, changed ? entries : null, at, problems);
    PublicationAnswer answer;
    try (Telemetry.Doing publishing = telemetry.begin(Activity.PUBLICATION)) {
      answer =
          run.options().autoLoadManifest()
              ? cutOver.publish(
                  turn,
                  new Cause.Run(run.id()),
                  new ServedPackage(plan.content(), next),
                  commit,
                  PublicationAnswer.Done.class::isInstance)
              : commit.get();
      publishing.became(Telemetry.word(answer));
    }
    return switch (answer) {
      case PublicationAnswer.Done(long version) ->
          changed ? new RunOutcome.Published(version) : new RunOutcome.Unchanged(version);
      case PublicationAnswer.TooLate() ->
          RunOutcome.Failed.of(
              "lease_lost", "The package was another server's before it was published");
      case PublicationAnswer.Superseded(long current) ->
          RunOutcome.Failed.of(
              "version_superseded",
              "Version %d was published while this run built on version %d; start another"
                  .formatted(current, base));
    };
  }
}
