package dev.ingot.compile;

import dev.ingot.fault.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What all models of a package have to build, together.
 *
 * @param problems every problem, those of the models too
 */
public record CompiledPackage(
    List<Model> models, List<CompiledTarget> targets, List<Problem> problems) {

  /** A model in short. */
  public record Model(String path, boolean ok, boolean persistence, List<Problem> problems) {}

  public Optional<CompiledTarget> target(String buildId) {
    return targets.stream().filter(target -> target.buildId().equals(buildId)).findFirst();
  }
}
