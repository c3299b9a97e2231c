package dev.ingot.plan;

import dev.ingot.fault.Problem;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.plan.PlannedTarget.Action;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a run of a package would do.
 *
 * @param base the version that it starts from
 * @param targets in dependency order; empty when a problem refuses the plan
 * @param earlier what the next version may keep of the base besides
 * @param problems all of them
 * @param unplanned those that keep models from being planned; they refuse nothing
 * @param unreachable by connection, why its database doesn't answer: nothing is built on it
 */
public record Plan(
    LoadedPackage content,
    Optional<ManifestVersion> base,
    List<PlannedTarget> targets,
    Earlier earlier,
    List<Problem> problems,
    List<Problem> unplanned,
    Map<String, String> unreachable) {

  public Plan {
    targets = List.copyOf(targets);
    problems = List.copyOf(problems);
    unplanned = List.copyOf(unplanned);
    unreachable = Map.copyOf(unreachable);
  }

  /** True when nothing may be built. */
  public boolean refused() {
    return problems.stream().anyMatch(problem -> problem.isError() && !unplanned.contains(problem));
  }

  /** True when there are models that may have more to build, but don't compile. */
  public boolean incomplete() {
    return !unplanned.isEmpty();
  }

  /**
   * Entries of the base that the next version keeps although no target of today is theirs; only
   * where some sources were selected.
   */
  public List<ManifestEntry> carried() {
    return earlier.carried(
        targets.stream()
            .flatMap(target -> reused(target).stream())
            .map(Generation::id)
            .collect(Collectors.toSet()));
  }

  private static Optional<Generation> reused(PlannedTarget target) {
    return target.action() instanceof Action.Reuse(Generation generation, Reason reason)
        ? Optional.of(generation)
        : Optional.empty();
  }

  /**
   * The next version's entries. A target that was not built goes on with the table that it had, as
   * far as that is still what a build would give of the version's other tables.
   *
   * @param built by BuildID, what the run has built of what is planned
   */
  public List<ManifestEntry> entries(Map<String, Generation> built) {
    var entries = new ArrayList<ManifestEntry>();
    var ids = new HashSet<String>();
    for (PlannedTarget target : targets) {
      Optional<Generation> generation =
          switch (target.action()) {
            case Action.Reuse reuse -> Optional.of(reuse.generation());
            case Action.Build build ->
                Optional.ofNullable(built.get(target.buildId()))
                    .or(() -> earlier.goesOn(target.buildId(), ids));
            case Action.Leave leave -> Optional.empty();
          };
      generation.ifPresent(one -> {
        ids.add(one.id());
        entries.add(new ManifestEntry(one, target.declared(), target.compiled().sourceNames()));
      });
    }
    entries.addAll(0, earlier.carried(ids));
    return entries;
  }

  /** By BuildID, those of all that is built anew because of that target, in dependency order. */
  public Map<String, List<String>> downstream() {
    var dependants = new Dependants(targets.stream().map(PlannedTarget::compiled).toList());
    return targets.stream()
        .map(PlannedTarget::buildId)
        .collect(Collectors.toMap(Function.identity(), dependants::of));
  }

  /** What the base has and the next version will not, by its declared name. */
  public List<ManifestEntry> removed() {
    List<ManifestEntry> carried = carried();
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

  /**
   * Those of the removed that no model declares which compiles: as far as is known, one does that
   * doesn't.
   */
  public List<ManifestEntry> lost() {
    if (!incomplete()) {
      return List.of();
    }
    Set<String> declared =
        targets.stream()
            .flatMap(target -> target.compiled().sourceNames().stream())
            .collect(Collectors.toSet());
    return removed().stream()
        .filter(entry -> entry.sourceNames().stream().noneMatch(declared::contains))
        .toList();
  }
}
