package dev.ingot.plan;

import dev.ingot.fault.Problem;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.plan.PlannedTarget.Action;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a run of a package would do.
 *
 * @param base the version that it starts from
 * @param targets in dependency order; empty when a problem refuses the plan
 * @param carried entries of the base that the next version keeps although no target of today is
 *     theirs; only where some sources were selected
 */
public record Plan(
    LoadedPackage content,
    Optional<ManifestVersion> base,
    List<PlannedTarget> targets,
    List<ManifestEntry> carried,
    List<Problem> problems) {

  public Plan {
    targets = List.copyOf(targets);
    carried = List.copyOf(carried);
    problems = List.copyOf(problems);
  }

  /** True when nothing may be built. */
  public boolean refused() {
    return problems.stream().anyMatch(Problem::isError);
  }

  /** BuildIDs of all that is built anew because of this target, in dependency order. */
  public List<String> downstream(String buildId) {
    return TargetOrder.downstream(targets.stream().map(PlannedTarget::compiled).toList(), buildId);
  }

  /** What the base has and the next version will not, by its declared name. */
  public List<ManifestEntry> removed() {
    Predicate<ManifestEntry> stays =
        entry ->
            carried.contains(entry)
                || targets.stream()
                    .filter(target -> !(target.action() instanceof Action.Leave))
                    .anyMatch(target ->
                        target.declared().folded().equals(entry.declared().folded())
                            || target.buildId().equals(entry.buildId()));
    return refused()
        ? List.of()
        : base.stream().flatMap(b -> b.entries().stream()).filter(stays.negate()).toList();
  }
}
