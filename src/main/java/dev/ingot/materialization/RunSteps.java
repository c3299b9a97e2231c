package dev.ingot.materialization;

import dev.ingot.fault.Problem;
import dev.ingot.manifest.ManifestStore;
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

  RunSteps(
      Planner planner,
      ManifestStore manifests,
      MaterializationStore runs,
      RunFactory factory,
      Publication publication,
      Janitor janitor) {
    this.planner = planner;
    this.manifests = manifests;
    this.runs = runs;
    this.factory = factory;
    this.publication = publication;
    this.janitor = janitor;
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
    Plan plan = planner.plan(claimed.key(), claimed.options().selection());
    if (plan.refused()) {
      return plan.problems();
    }
    manifests.intend(run.intend(plan));
    run.build(plan);
    if (run.stopped() == null && run.problems().isEmpty()) {
      publication.publish(claimed, plan, run.entries(plan));
    }
    return run.stopped() == null ? run.problems() : List.of();
  }

  /** A run that never came to building has nothing to clean up. */
  void cleanUp(MaterializationRun run) {
    Materialization claimed = run.materialization();
    run.content()
        .map(janitor::sweep)
        .filter(sweep -> !sweep.equals(Sweep.NOTHING))
        .ifPresent(sweep -> runs.swept(claimed.key(), claimed.id(), sweep));
  }
}
