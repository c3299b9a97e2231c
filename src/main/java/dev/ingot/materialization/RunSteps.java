package dev.ingot.materialization;

import dev.ingot.engine.Cancellation;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.CutOver;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.Turn;
import dev.ingot.plan.Plan;
import dev.ingot.plan.PlannedTarget;
import dev.ingot.plan.Planner;
import dev.ingot.project.PackageKey;
import dev.ingot.telemetry.Activity;
import dev.ingot.telemetry.Count;
import dev.ingot.telemetry.Telemetry;
import dev.ingot.threads.Tasks;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The steps of a run.
 *
 * <ol>
 *   <li>LOAD, COMPILE and PLAN: read the folder and the current version; a plan that is refused
 *       ends the run, before any DDL. Models that don't compile only keep it from being whole.
 *   <li>Record every generation that will be built, then BUILD.
 *   <li>WRITE: publish the version; see {@link Publication}. A run that isn't whole is FAILED
 *       instead, unless it was to publish what it has.
 *   <li>However it ended, the {@link Janitor} drops what nobody needs.
 * </ol>
 */
@Component
class RunSteps {

  private final Planner planner;
  private final ManifestStore manifests;
  private final MaterializationStore runs;
  private final TargetBuilder builder;
  private final Publication publication;
  private final Janitor janitor;
  private final CutOver cutOver;
  private final Tasks tasks;
  private final Telemetry telemetry;

  RunSteps(
      Planner planner,
      ManifestStore manifests,
      MaterializationStore runs,
      TargetBuilder builder,
      Publication publication,
      Janitor janitor,
      CutOver cutOver,
      Tasks tasks,
      Telemetry telemetry) {
    this.planner = planner;
    this.manifests = manifests;
    this.runs = runs;
    this.builder = builder;
    this.publication = publication;
    this.janitor = janitor;
    this.cutOver = cutOver;
    this.tasks = tasks;
    this.telemetry = telemetry;
  }

  /** The first step's outcome. */
  sealed interface Planned {

    record Refused(RunOutcome.Failed why) implements Planned {}

    /**
     * @param reports of its targets, none of them written yet
     */
    record Ready(PlannedRun run, RunReports reports) implements Planned {}
  }

  Planned plan(Turn turn, Materialization claimed, RunStop stop) {
    Cancellation cancellation = stop.begin();
    PackageKey key = claimed.key();
    Plan plan;
    try (Telemetry.Doing planning = telemetry.begin(Activity.PLAN, key);
        var report = new PlanningReport(runs, tasks, claimed)) {
      plan = planner.plan(turn, claimed.options().selection(), cancellation, report);
      planning.became("planned");
    } catch (Cancellation.CancelledException e) {
      // On record it has ended already, by who stopped it.
      return new Planned.Refused(RunOutcome.Failed.of("stopped", String.valueOf(e.getMessage())));
    } finally {
      stop.ended(cancellation);
    }
    boolean givesUp = plan.incomplete() && claimed.options().failFast();
    if (plan.refused() || givesUp) {
      return new Planned.Refused(RunOutcome.Failed.of(inTheirTexts(plan, plan.problems())));
    }
    plan.targets().forEach(this::count);
    var run = new PlannedRun(claimed, plan);
    return new Planned.Ready(run, new RunReports(runs, tasks, run));
  }

  private void count(PlannedTarget target) {
    PlannedTarget.Action action = target.action();
    telemetry.count(
        Count.TARGETS, 1, Telemetry.word(action), action.reason().name().toLowerCase(Locale.ROOT));
  }

  /** Builds what is planned and publishes it; what it throws fails the run. */
  RunOutcome buildAndPublish(Turn turn, Planned.Ready planned, RunStop stop)
      throws InterruptedException {
    PlannedRun run = planned.run();
    manifests.intend(run.intended());
    // Other servers may have built them, and what is built now reads them.
    run.content().attach(run.takenOver());
    var queue = new BuildQueue(run.builds(), run.content()::limit);
    BuildWalk.Result result =
        new BuildWalk(run, queue, builder, planned.reports(), stop, tasks).walk();
    List<Problem> problems =
        inTheirTexts(
            run.plan(),
            Stream.concat(run.plan().problems().stream(), result.problems().stream()).toList());
    boolean whole = result.problems().isEmpty() && !run.plan().incomplete();
    boolean publishes = whole || (result.recorded() && run.run().options().publishesInPart());
    if (stop.why().isPresent() || !publishes) {
      return stopped(stop).orElseGet(() -> RunOutcome.Failed.of(problems));
    }
    List<ManifestEntry> entries = run.plan().entries(result.built());
    RunOutcome outcome = publication.publish(turn, run, entries, problems);
    return outcome instanceof RunOutcome.Failed ? stopped(stop).orElse(outcome) : outcome;
  }

  /** With the lines that they are about, as the run has read them: the folder may change. */
  private static List<Problem> inTheirTexts(Plan plan, List<Problem> problems) {
    var texts = plan.content().snapshot().models();
    return problems.stream().map(problem -> problem.in(texts)).toList();
  }

  /** What was stopped on record is that; nothing else changes it any more. */
  private static Optional<RunOutcome> stopped(RunStop stop) {
    return stop.why().map(RunOutcome.Stopped::new);
  }

  /** A publication whose answer never came may have been done all the same. */
  void settle(Turn turn, Materialization claimed) {
    if (!claimed.options().autoLoadManifest()) {
      // What it publishes is served when somebody asks for it.
      return;
    }
    boolean published =
        runs.status(claimed.key(), claimed.id())
            .filter(now -> now == MaterializationStatus.SUCCESS)
            .isPresent();
    cutOver.settle(turn, claimed.id(), published);
  }

  void cleanUp(Turn turn, PlannedRun run) {
    janitor.dropStruck(turn, run.content(), run.intended());
    Sweep sweep = janitor.sweep(turn, run.content());
    if (!sweep.equals(Sweep.NOTHING)) {
      runs.swept(run.run().key(), run.run().id(), sweep);
    }
  }
}
