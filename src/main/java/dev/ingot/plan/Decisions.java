package dev.ingot.plan;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.plan.PlannedTarget.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An action for each target, in dependency order. */
final class Decisions {

  private final Scope scope;
  private final Function<CompiledTarget, @Nullable TableName> names;
  private final Candidates candidates;

  Decisions(
      Scope scope, Function<CompiledTarget, @Nullable TableName> names, Candidates candidates) {
    this.scope = scope;
    this.names = names;
    this.candidates = candidates;
  }

  /** Again and again until what is built takes in nothing that the scope doesn't cover. */
  List<PlannedTarget> decide(List<CompiledTarget> ordered) {
    List<PlannedTarget> planned;
    boolean grown;
    do {
      planned = round(ordered);
      grown = false;
      for (PlannedTarget target : planned) {
        if (target.action() instanceof Action.Build) {
          grown |= scope.growFrom(target.compiled());
        }
      }
    } while (grown);
    return planned;
  }

  private List<PlannedTarget> round(List<CompiledTarget> ordered) {
    var reused = new HashMap<String, Generation>();
    var planned = new ArrayList<PlannedTarget>();
    for (CompiledTarget target : ordered) {
      TableName declared = names.apply(target);
      if (declared == null) {
        throw new IllegalStateException(
            "a target without a name or a problem: " + target.sourceNames());
      }
      Action action = decide(target, declared, reused);
      if (action instanceof Action.Reuse(Generation generation, Reason reason)) {
        reused.put(target.buildId(), generation);
      }
      planned.add(new PlannedTarget(target, declared, action));
    }
    return planned;
  }

  private Action decide(CompiledTarget target, TableName declared, Map<String, Generation> reused) {
    if (scope.isForced(target)) {
      return new Action.Build(Reason.FORCED, candidates.standsFor(target, declared));
    }
    Action action = candidates.decide(target, declared, reused);
    boolean carriedOver =
        action instanceof Action.Reuse(Generation generation, Reason reason)
            && candidates.isCurrent(generation);
    return scope.covers(target) || carriedOver ? action : new Action.Leave(Reason.NOT_SELECTED);
  }

  /**
   * Old entries that a run of some sources keeps: those whose name and whose BuildID nothing else
   * takes, and whose inputs the next version has.
   */
  List<ManifestEntry> carried(List<PlannedTarget> planned) {
    if (scope.isEverything()) {
      return List.of();
    }
    var taken = new HashSet<List<Object>>();
    var ids = new HashSet<String>();
    var buildIds = new HashSet<String>();
    for (PlannedTarget target : planned) {
      if (!(target.action() instanceof Action.Leave)) {
        taken.add(List.of(target.compiled().connectionName(), target.declared().folded()));
        buildIds.add(target.buildId());
      }
      if (target.action() instanceof Action.Reuse(Generation generation, Reason reason)) {
        ids.add(generation.id());
      }
    }
    var carried = new ArrayList<ManifestEntry>();
    for (ManifestEntry entry : candidates.current()) {
      Generation generation = entry.generation();
      boolean free = !taken.contains(List.of(generation.connection(), entry.declared().folded()));
      if (free && !buildIds.contains(entry.buildId()) && candidates.isUsable(generation)) {
        carried.add(entry);
      }
    }
    dropThoseWithoutInputs(carried, ids);
    return carried;
  }

  private static void dropThoseWithoutInputs(List<ManifestEntry> carried, Set<String> ids) {
    boolean dropped;
    do {
      var there = new HashSet<>(ids);
      carried.forEach(entry -> there.add(entry.generation().id()));
      dropped = carried.removeIf(entry -> !there.containsAll(entry.generation().inputs()));
    } while (dropped);
  }
}
