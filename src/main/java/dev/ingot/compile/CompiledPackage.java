package dev.ingot.compile;

import dev.ingot.fault.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What all models of a package have to build, together.
 *
 * @param problems those that belong to no single model
 */
public record CompiledPackage(
    List<Model> models, List<CompiledTarget> targets, List<Problem> problems) {

  /** A model in short. */
  public record Model(String path, boolean ok, boolean persistence, List<Problem> problems) {}

  public Optional<CompiledTarget> target(String buildId) {
    return targets.stream().filter(target -> target.buildId().equals(buildId)).findFirst();
  }

  /** Every problem, of the package and of its models. */
  public List<Problem> allProblems() {
    var all = new ArrayList<>(problems);
    models.forEach(model -> all.addAll(model.problems()));
    return List.copyOf(all);
  }
}
