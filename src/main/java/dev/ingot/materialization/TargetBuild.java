package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.plan.Plan;
import dev.ingot.plan.PlannedTarget;
import java.util.Map;

/**
 * A target that a run builds.
 *
 * @param plan of the run
 * @param into the generation that it is built into
 * @param manifest BuildID to physical table, as SQL, of all that it may read
 */
public record TargetBuild(
    Plan plan, PlannedTarget target, Generation into, Map<String, String> manifest) {

  public LoadedPackage content() {
    return plan.content();
  }

  /** What it is built on. */
  public Engine engine() {
    return content().engine(target.compiled().connectionName());
  }
}
