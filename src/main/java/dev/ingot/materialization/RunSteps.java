package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.PackageLoader;
import dev.ingot.plan.Plan;
import dev.ingot.plan.Planner;
import dev.ingot.project.ProjectService;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The steps of a run.
 *
 * <ol>
 *   <li>LOAD: read the folder and the current version.
 *   <li>COMPILE and PLAN: a plan with an error ends the run, before any DDL.
 *   <li>Record every generation that will be built, then BUILD.
 *   <li>WRITE: publish the version; see {@link Publication}.
 * </ol>
 */
@Component
class RunSteps {

  private static final Logger log = LoggerFactory.getLogger(RunSteps.class);

  private final ProjectService projects;
  private final PackageLoader loader;
  private final Planner planner;
  private final ManifestStore manifests;
  private final RunFactory factory;
  private final Publication publication;

  RunSteps(
      ProjectService projects,
      PackageLoader loader,
      Planner planner,
      ManifestStore manifests,
      RunFactory factory,
      Publication publication) {
    this.projects = projects;
    this.loader = loader;
    this.planner = planner;
    this.manifests = manifests;
    this.factory = factory;
    this.publication = publication;
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
    LoadedPackage content = loader.load(projects.find(claimed.key()));
    Plan plan = planner.plan(content, claimed.options().selection());
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

  /**
   * What was intended and isn't in the records as built is dropped, whether or not a table came to
   * be. A drop that fails leaves the row, and the next start tries again.
   */
  void dropUnfinished(MaterializationRun run) {
    for (Generation generation : run.unfinished()) {
      try {
        run.content().engine(generation.connection()).drop(generation.table());
        manifests.forget(generation.id());
      } catch (Engine.EngineException e) {
        log.warn("Table {} is left until the next start: {}", generation.table(), e.detail());
      }
    }
  }
}
