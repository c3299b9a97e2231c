package dev.ingot.plan;

import dev.ingot.fault.Problem;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestVersion;
import java.util.List;
import java.util.Optional;

/**
 * What a run of a package would do.
 *
 * @param base the version that it starts from
 * @param targets in dependency order; empty when a problem refuses the plan
 */
public record Plan(
    LoadedPackage content,
    Optional<ManifestVersion> base,
    List<PlannedTarget> targets,
    List<Problem> problems) {

  public Plan {
    targets = List.copyOf(targets);
    problems = List.copyOf(problems);
  }

  /** True when nothing may be built. */
  public boolean refused() {
    return problems.stream().anyMatch(Problem::isError);
  }
}
