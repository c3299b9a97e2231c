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
   * What may be kept of the current version. Where everything is planned, only what today's targets
   * are; a run of some sources keeps also what nothing else takes the name or the BuildID of.
   */
  Earlier earlier(List<PlannedTarget> planned) {
    List<ManifestEntry> usable =
        candidates.current().stream()
            .filter(entry -> candidates.isUsable(entry.generation()))
            .toList();
    if (scope.isEverything()) {
      return new Earlier(usable, List.of());
    }
    var taken = new HashSet<List<Object>>();
    var buildIds = new HashSet<String>();
    for (PlannedTarget target : planned) {
      if (!(target.action() instanceof Action.Leave)) {
        taken.add(List.of(target.compiled().connectionName(), target.declared().folded()));
        buildIds.add(target.buildId());
      }
    }
    return new Earlier(
        usable,
        usable.stream()
            .filter(entry -> !buildIds.contains(entry.buildId()))
            .filter(entry ->
                !taken.contains(
                    List.of(entry.generation().connection(), entry.declared().folded())))
            .toList());
  }
}
