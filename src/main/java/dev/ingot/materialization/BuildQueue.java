package dev.ingot.materialization;

import dev.ingot.plan.PlannedTarget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Which target may start next: one whose dependencies are done, on a connection with a free place,
 * and of those the one with the longest chain of targets waiting behind it. Used by one thread.
 */
final class BuildQueue {

  private final ToIntFunction<String> limit;
  private final Map<String, PlannedTarget> waiting = new LinkedHashMap<>();
  private final Map<String, Set<String>> missing = new HashMap<>();
  private final Map<String, List<PlannedTarget>> dependants = new HashMap<>();
  private final Map<String, Integer> chain = new HashMap<>();
  private final Map<String, Integer> busy = new HashMap<>();
  private final PriorityQueue<PlannedTarget> ready =
      new PriorityQueue<>(
          Comparator.comparingInt((PlannedTarget t) -> -chain.getOrDefault(t.buildId(), 0))
              .thenComparing(PlannedTarget::buildId));

  /**
   * @param targets those to build, in dependency order
   * @param limit the most at once on a connection, by its name
   */
  BuildQueue(List<PlannedTarget> targets, ToIntFunction<String> limit) {
    this.limit = limit;
    targets.forEach(target -> waiting.put(target.buildId(), target));
    for (PlannedTarget target : targets) {
      var needs = new HashSet<String>();
      for (String dependency : target.compiled().dependsOn()) {
        if (waiting.containsKey(dependency)) {
          needs.add(dependency);
          dependants.computeIfAbsent(dependency, d -> new ArrayList<>()).add(target);
        }
      }
      missing.put(target.buildId(), needs);
    }
    // Backwards, so that each chain is known before those that lead to it.
    for (PlannedTarget target : targets.reversed()) {
      int longest =
          dependants(target).stream()
              .mapToInt(dependant -> chain.getOrDefault(dependant.buildId(), 0))
              .max()
              .orElse(0);
      chain.put(target.buildId(), longest + 1);
    }
    targets.stream().filter(t -> needs(t).isEmpty()).forEach(ready::add);
  }

  boolean isEmpty() {
    return waiting.isEmpty() && busy.values().stream().allMatch(n -> n == 0);
  }

  /** Takes all that may start now. */
  List<PlannedTarget> start() {
    var started = new ArrayList<PlannedTarget>();
    var full = new ArrayList<PlannedTarget>();
    for (PlannedTarget next = ready.poll(); next != null; next = ready.poll()) {
      String connection = next.compiled().connectionName();
      if (busy.getOrDefault(connection, 0) < limit.applyAsInt(connection)) {
        busy.merge(connection, 1, Integer::sum);
        waiting.remove(next.buildId());
        started.add(next);
      } else {
        full.add(next);
      }
    }
    ready.addAll(full);
    return started;
  }

  /** Of those that start next, ready or not, as many as each connection has places. */
  List<PlannedTarget> ahead() {
    var taken = new HashMap<String, Integer>();
    return waiting.values().stream()
        .sorted(
            Comparator.comparing((PlannedTarget t) -> !needs(t).isEmpty())
                .thenComparing(ready.comparator()))
        .filter(target -> {
          String connection = target.compiled().connectionName();
          return taken.merge(connection, 1, Integer::sum) <= limit.applyAsInt(connection);
        })
        .toList();
  }

  void built(PlannedTarget target) {
    release(target);
    for (PlannedTarget dependant : dependants(target)) {
      Set<String> needs = needs(dependant);
      needs.remove(target.buildId());
      if (needs.isEmpty() && waiting.containsKey(dependant.buildId())) {
        ready.add(dependant);
      }
    }
  }

  /** Ends a target that was not built, and returns all that can't be built without it. */
  List<PlannedTarget> failed(PlannedTarget target) {
    release(target);
    var skipped = new ArrayList<PlannedTarget>();
    var next = new ArrayList<>(dependants(target));
    while (!next.isEmpty()) {
      PlannedTarget dependant = next.removeLast();
      if (waiting.remove(dependant.buildId()) != null) {
        skipped.add(dependant);
        next.addAll(dependants(dependant));
      }
    }
    return skipped;
  }

  /** Drops and returns all that has not started. */
  List<PlannedTarget> clear() {
    List<PlannedTarget> dropped = List.copyOf(waiting.values());
    waiting.clear();
    ready.clear();
    return dropped;
  }

  private void release(PlannedTarget target) {
    busy.merge(target.compiled().connectionName(), -1, Integer::sum);
  }

  private List<PlannedTarget> dependants(PlannedTarget target) {
    return dependants.getOrDefault(target.buildId(), List.of());
  }

  private Set<String> needs(PlannedTarget target) {
    return missing.computeIfAbsent(target.buildId(), b -> new HashSet<>());
  }
}
