package dev.ingot.materialization;

import dev.ingot.manifest.PackageLoading;
import dev.ingot.manifest.PackageTurns;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectService;
import dev.ingot.telemetry.Count;
import dev.ingot.telemetry.Telemetry;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Brings a process that starts up to what was there when the last one ended, however it ended.
 *
 * <ol>
 *   <li>Runs that were RUNNING are FAILED: their worker is lost.
 *   <li>Every registered package is loaded and served with its current version.
 *   <li>Tables that were intended and never finished are dropped, and views follow the version.
 * </ol>
 */
@Component
public class RunRecovery {

  private static final Logger log = LoggerFactory.getLogger(RunRecovery.class);

  private final MaterializationStore runs;
  private final PackageLoading loading;
  private final PackageTurns turns;
  private final Janitor janitor;
  private final JanitorRounds rounds;
  private final ProjectService projects;
  private final Clock clock;
  private final Telemetry telemetry;

  RunRecovery(
      MaterializationStore runs,
      PackageLoading loading,
      PackageTurns turns,
      Janitor janitor,
      JanitorRounds rounds,
      ProjectService projects,
      Clock clock,
      Telemetry telemetry) {
    this.runs = runs;
    this.loading = loading;
    this.turns = turns;
    this.janitor = janitor;
    this.rounds = rounds;
    this.projects = projects;
    this.clock = clock;
    this.telemetry = telemetry;
  }

  /** Called once, before the first request is served. */
  public void failLostRuns() {
    for (Materialization run : runs.running()) {
      runs.lose(run.key(), run.id(), clock.instant());
      telemetry.count(Count.RUNS_LOST, 1);
      log.warn("Run {} of {} was lost with its server", run.id(), run.key());
    }
  }

  /** Loads every package; one that can't be loaded is logged and doesn't hold back the others. */
  public void loadPackages() {
    for (Project project : projects.projects()) {
      for (PackageRegistration registration : projects.packages(project.name())) {
        try {
          PackageKey key = registration.key();
          var _ = turns.take(key, turn -> janitor.sweep(turn, loading.load(key).content()));
        } catch (RuntimeException e) {
          log.warn("Package {} is not served", registration.key(), e);
        }
      }
    }
    rounds.begin();
  }
}
