package dev.ingot.plan;

import dev.ingot.compile.CompiledPackage;
import dev.ingot.compile.CompiledTarget;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.plan.PlannedTarget.Action;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Decides what a run does with each target, before any of it is done.
 *
 * <ol>
 *   <li>Compile every model; one that doesn't compile refuses the plan.
 *   <li>Give each target its declared name; every violation is collected.
 *   <li>In dependency order, reuse a generation only where it is proven (promise P7): its BuildID
 *       matches, its table exists, it was built from this folder, and the generations it was built
 *       from are exactly those that this plan reuses. Everything else is built.
 * </ol>
 */
@Component
public class Planner {

  private final ManifestStore store;
  private final Clock clock;
  private final Duration leftoverAge;

  Planner(
      ManifestStore store,
      Clock clock,
      @Value("${ingot.retention.min-age:15m}") Duration leftoverAge) {
    this.store = store;
    this.clock = clock;
    this.leftoverAge = leftoverAge;
  }

  public Plan plan(LoadedPackage content, Selection selection) {
    CompiledPackage compiled = content.compiled();
    Optional<ManifestVersion> base = store.current(content.snapshot().key());
    var problems = new ArrayList<Problem>(compiled.problems());
    var names = new TableNames(content, store);
    List<CompiledTarget> ordered = TargetOrder.of(compiled.targets());
    names.resolve(ordered);
    problems.addAll(names.problems());
    if (problems.stream().anyMatch(Problem::isError)) {
      return new Plan(content, base, List.of(), problems);
    }
    return new Plan(content, base, decide(content, base, ordered, names, selection), problems);
  }

  private List<PlannedTarget> decide(
      LoadedPackage content,
      Optional<ManifestVersion> base,
      List<CompiledTarget> ordered,
      TableNames names,
      Selection selection) {
    var candidates =
        new Candidates(
            content, store.reusable(content.snapshot().key(), clock.instant().minus(leftoverAge)));
    var reused = new HashMap<String, Generation>();
    var planned = new ArrayList<PlannedTarget>();
    for (CompiledTarget target : ordered) {
      TableName declared = names.of(target);
      if (declared == null) {
        throw new IllegalStateException(
            "a target without a name or a problem: " + target.sourceNames());
      }
      Action action =
          selection.forceRefresh()
              ? new Action.Build(Reason.FORCED)
              : candidates.decide(target, declared, base, reused);
      if (action instanceof Action.Reuse(Generation generation, Reason reason)) {
        reused.put(target.buildId(), generation);
      }
      planned.add(new PlannedTarget(target, declared, action));
    }
    return planned;
  }

  /** The generations that may be taken up, with what is known of their tables. */
  private static final class Candidates {
    private final LoadedPackage content;
    private final Map<String, List<Generation>> byBuildId = new HashMap<>();
    private final Set<List<Object>> existing = new HashSet<>();

    Candidates(LoadedPackage content, List<Generation> generations) {
      this.content = content;
      var byConnection = new HashMap<String, Set<TableName>>();
      for (Generation generation : generations) {
        byBuildId.computeIfAbsent(generation.buildId(), b -> new ArrayList<>()).add(generation);
        byConnection
            .computeIfAbsent(generation.connection(), c -> new HashSet<>())
            .add(generation.table());
      }
      byConnection.forEach((connection, tables) ->
          content
              .engine(connection)
              .existing(tables)
              .forEach(table -> existing.add(List.of(connection, table))));
    }

    Action decide(
        CompiledTarget target,
        TableName declared,
        Optional<ManifestVersion> base,
        Map<String, Generation> reused) {
      List<Generation> known = byBuildId.getOrDefault(target.buildId(), List.of());
      if (known.isEmpty()) {
        return new Action.Build(newOrChanged(target, declared, base));
      }
      Reason against = Reason.UNCHANGED;
      for (Generation generation : known) {
        Reason objection = objection(target, generation, reused);
        if (objection == Reason.UNCHANGED) {
          return new Action.Reuse(generation, renamed(target, declared, base));
        }
        against = against == Reason.UNCHANGED ? objection : against;
      }
      return new Action.Build(against);
    }

    private Reason objection(
        CompiledTarget target, Generation generation, Map<String, Generation> reused) {
      if (!generation.origin().equals(content.origin())) {
        return Reason.MOVED;
      }
      if (!existing.contains(List.of(generation.connection(), generation.table()))) {
        return Reason.TABLE_MISSING;
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

    private static Reason newOrChanged(
        CompiledTarget target, TableName declared, Optional<ManifestVersion> base) {
      boolean changed =
          base.stream()
              .flatMap(version -> version.entries().stream())
              .anyMatch(entry ->
                  entry.declared().folded().equals(declared.folded())
                      || entry.sourceNames().stream().anyMatch(target.sourceNames()::contains));
      return changed ? Reason.SQL_CHANGED : Reason.NEW;
    }

    private static Reason renamed(
        CompiledTarget target, TableName declared, Optional<ManifestVersion> base) {
      Optional<ManifestEntry> entry = base.flatMap(version -> version.entry(target.buildId()));
      boolean sameName = entry.map(e -> e.declared().equals(declared)).orElse(true);
      return sameName ? Reason.UNCHANGED : Reason.RENAMED;
    }
  }
}
