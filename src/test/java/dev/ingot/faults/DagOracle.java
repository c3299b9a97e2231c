package dev.ingot.faults;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What promise P7 wants of a run, told from the DAG of the last successful one, today's, and the
 * tables that were dropped in between.
 */
final class DagOracle {

  private final RandomDag before;
  private final RandomDag now;
  private final Set<Integer> dropped;
  private final Set<Integer> built = new HashSet<>();

  /**
   * @param dropped uids of sources whose tables are gone
   */
  DagOracle(RandomDag before, RandomDag now, Set<Integer> dropped) {
    this.before = before;
    this.now = now;
    this.dropped = dropped;
  }

  /** Each target with its status and reason, as {@code RunReport.what} has them. */
  List<String> what() {
    built.clear();
    return now.targets().stream()
        .map(target -> {
          String reason = reason(target);
          boolean reused = Set.of("UNCHANGED", "RENAMED").contains(reason);
          if (!reused) {
            built.add(target.uid());
          }
          return "%s %s %s".formatted(target.table(), reused ? "REUSED" : "BUILT", reason);
        })
        .toList();
  }

  private String reason(DagNode target) {
    DagNode old =
        before.targets().stream()
            .filter(node -> node.uid() == target.uid())
            .findFirst()
            .orElse(null);
    if (old == null || !before.definition(old).equals(now.definition(target))) {
      return isKnown(target) ? "SQL_CHANGED" : "NEW";
    }
    if (dropped.contains(target.uid())) {
      return "TABLE_MISSING";
    }
    Set<Integer> reads = now.reads(target);
    if (!reads.equals(before.reads(old)) || reads.stream().anyMatch(built::contains)) {
      return "UPSTREAM";
    }
    return old.table().equals(target.table()) ? "UNCHANGED" : "RENAMED";
  }

  private boolean isKnown(DagNode target) {
    return before.targets().stream()
        .anyMatch(
            node -> node.table().equals(target.table()) || node.source().equals(target.source()));
  }

  /** Whether a version is published: only where it says something else than the last one. */
  boolean publishes() {
    return what().stream().anyMatch(line -> !line.endsWith(" UNCHANGED"))
        || !names(before).equals(names(now));
  }

  private static Set<String> names(RandomDag dag) {
    return dag.targets().stream()
        .map(target -> target.table() + " of " + target.source())
        .collect(Collectors.toSet());
  }
}
