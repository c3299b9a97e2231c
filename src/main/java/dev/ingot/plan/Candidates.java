package dev.ingot.plan;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.plan.PlannedTarget.Action;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The generations that may be taken up, with what is known of their tables. */
final class Candidates {

  private static final Comparator<Generation> NEWEST_FIRST =
      Comparator.comparing((Generation generation) -> Objects.requireNonNull(generation.builtAt()))
          .reversed();

  private final Predicate<Generation> isOver;
  private final Function<Generation, List<String>> changed;
  private final CurrentEntries current;
  private final Map<String, List<Generation>> byBuildId = new HashMap<>();

  /** Ids of the generations whose tables are there. */
  private final Set<String> built;

  /**
   * @param isOver whether one was built over the data that is planned for
   * @param tables says which generations' tables are there, by their ids
   * @param changed says what of the data is otherwise that one was built from
   * @param unpublished what runs finished that never published it
   */
  Candidates(
      Predicate<Generation> isOver,
      Function<Generation, List<String>> changed,
      Function<List<Generation>, Set<String>> tables,
      Optional<ManifestVersion> base,
      List<Generation> unpublished) {
    this.isOver = isOver;
    this.changed = changed;
    current = new CurrentEntries(base.map(ManifestVersion::entries).orElse(List.of()));
    List<Generation> generations =
        Stream.concat(unpublished.stream(), current().stream().map(ManifestEntry::generation))
            .sorted(NEWEST_FIRST)
            .toList();
    for (Generation generation : generations) {
      byBuildId.computeIfAbsent(generation.buildId(), b -> new ArrayList<>()).add(generation);
    }
    built = tables.apply(generations);
  }

  List<ManifestEntry> current() {
    return current.all();
  }

  boolean isCurrent(Generation generation) {
    return current.has(generation);
  }

  /** True when its table is there and was built over this folder. */
  boolean isUsable(Generation generation) {
    return isOver.test(generation) && built.contains(generation.id());
  }

  /**
   * Reuses a generation that nothing speaks against, otherwise builds.
   *
   * @param reused what this plan reuses of the target's dependencies
   */
  Action decide(CompiledTarget target, TableName declared, Map<String, Generation> reused) {
    Generation before = standsFor(target, declared);
    List<Generation> known = byBuildId.getOrDefault(target.buildId(), List.of());
    if (known.isEmpty()) {
      return new Action.Build(before == null ? Reason.NEW : Reason.SQL_CHANGED, before);
    }
    Reason against = Reason.UNCHANGED;
    List<String> data = List.of();
    for (Generation generation : known) {
      Reason objection = objection(target, generation, reused);
      if (objection == Reason.UNCHANGED) {
        return new Action.Reuse(generation, renamed(target, declared));
      }
      if (against == Reason.UNCHANGED) {
        against = objection;
        data = objection == Reason.DATA_CHANGED ? changed.apply(generation) : List.of();
      }
    }
    return new Action.Build(against, before, data);
  }

  private Reason objection(
      CompiledTarget target, Generation generation, Map<String, Generation> reused) {
    if (!isOver.test(generation)) {
      return Reason.MOVED;
    }
    if (!built.contains(generation.id())) {
      return Reason.TABLE_MISSING;
    }
    if (!changed.apply(generation).isEmpty()) {
      return Reason.DATA_CHANGED;
    }
    var inputs = new HashSet<String>();
    for (String dependency : target.dependsOn()) {
      Generation input = reused.get(dependency);
      if (input == null) {
        return Reason.UPSTREAM;
      }
      inputs.add(input.id());
    }
    return inputs.equals(generation.inputs()) ? Reason.UNCHANGED : Reason.UPSTREAM;
  }

  /** What the current version has for the target, or for its name or its sources. */
  @Nullable Generation standsFor(CompiledTarget target, TableName declared) {
    return current.standsFor(target, declared).map(ManifestEntry::generation).orElse(null);
  }

  private Reason renamed(CompiledTarget target, TableName declared) {
    boolean sameName =
        current.of(target.buildId()).map(entry -> entry.declared().equals(declared)).orElse(true);
    return sameName ? Reason.UNCHANGED : Reason.RENAMED;
  }
}
