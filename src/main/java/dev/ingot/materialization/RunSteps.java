package dev.ingot.materialization;

import dev.ingot.fault.Problem;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.plan.Plan;
import dev.ingot.plan.Planner;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * The steps of a run.
 *
 * <ol>
 *   <li>LOAD, COMPILE and PLAN: read the folder and the current version; a plan with an error ends
 *       the run, before any DDL.
 *   <li>Record every generation that will be built, then BUILD.
 *   <li>WRITE: publish the version; see {@link Publication}.
 *   <li>However it ended, the {@link Janitor} drops what nobody needs.
 * </ol>
 */
@Component
class RunSteps {

  private final Planner planner;
  private final ManifestStore manifests;
  private final MaterializationStore runs;
  private final RunFactory factory;
  private final Publication publication;
  private final Janitor janitor;
  private final ServedPackages served;

  RunSteps(
      Planner planner,
      ManifestStore manifests,
      MaterializationStore runs,
      RunFactory factory,
      Publication publication,
      Janitor janitor,
      ServedPackages served) {
    this.planner = planner;
    this.manifests = manifests;
    this.runs = runs;
    this.factory = factory;
    this.publication = publication;
    this.janitor = janitor;
    this.served = served;
  }

  MaterializationRun begin(Materialization claimed) {
    return factory.create(claimed);
  }

  /**
   * @return what keeps the run from succeeding, with at least one error in it; empty when it was
   *     published or stopped
   */
  List<Problem> carryOut(MaterializationRun run) throws InterruptedException {
    Materialization claimed = run.materialization();
    Plan plan = planner.planInTurn(claimed.key(), claimed.options().selection());
    if (plan.refused()) {
      return plan.problems();
    }
    manifests.intend(run.intend(plan));
    run.build(plan);
    if (run.stopped() == null
        && run.problems().isEmpty()
        && !publication.publish(claimed, plan, run.entries(plan))
        && run.stopped() == null) {
      // Where it was stopped on record, this changes nothing any more.
      return List.of(
          Problem.error("lease_lost", "The package was another server's before it was published"));
    }
    return run.stopped() == null ? run.problems() : List.of();
  }

  /** A publication whose answer never came may have been done all the same. */
  void serveIfPublished(MaterializationRun run) {
    Materialization claimed = run.materialization();
    boolean published =
        runs.status(claimed.key(), claimed.id())
            .filter(now -> now == MaterializationStatus.SUCCESS)
            .isPresent();
    if (published && claimed.options().autoLoadManifest()) {
      served.reload(claimed.key());
    }
  }

  /** A run that never came to building has nothing to clean up. */
  void cleanUp(MaterializationRun run) {
    Materialization claimed = run.materialization();
    run.content().ifPresent(content -> janitor.dropStruck(content, run.made()));
    run.content()
        .map(janitor::sweep)
        .filter(sweep -> !sweep.equals(Sweep.NOTHING))
        .ifPresent(sweep -> runs.swept(claimed.key(), claimed.id(), sweep));
  }
}
