package dev.ingot.plan;

import dev.ingot.compile.CompiledTarget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What reads a target, directly or not. */
final class Dependants {

  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, List<String>> readers = new HashMap<>();

  /**
   * @param ordered each after all that it reads
   */
  Dependants(List<CompiledTarget> ordered) {
    for (CompiledTarget target : ordered) {
      places.put(target.buildId(), places.size());
      for (String dependency : target.dependsOn()) {
        readers.computeIfAbsent(dependency, id -> new ArrayList<>()).add(target.buildId());
      }
    }
  }

  /** Their BuildIDs, in the order of the targets. */
  List<String> of(String buildId) {
    Set<String> reached = new HashSet<>();
    var open = new ArrayDeque<>(readers.getOrDefault(buildId, List.of()));
    while (!open.isEmpty()) {
      String reader = open.pop();
      if (reached.add(reader)) {
        open.addAll(readers.getOrDefault(reader, List.of()));
      }
    }
    return reached.stream().sorted(Comparator.comparing(places::get)).toList();
  }
}
