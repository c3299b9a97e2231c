package dev.ingot.faults;

import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.PublicationAnswer;
import dev.ingot.materialization.RunEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the store was asked to do to the runs' states, and did. All runs are of one package. */
final class RunHistory implements Failpoints.Watcher {

  private record Edge(MaterializationStatus from, MaterializationStatus to) {}

  private final Set<String> created = new HashSet<>();
  private final Map<String, List<Edge>> edges = new HashMap<>();

  /** When a run was surely RUNNING: from its claim's return until its end was asked for. */
  private final Map<String, Long> since = new HashMap<>();

  private final Map<String, Long> until = new HashMap<>();

  @Override
  public synchronized void returned(
      String method, Object[] arguments, @Nullable Object result, long called) {
    switch (method) {
      case "MaterializationStore.insert" -> created.add(((Materialization) arguments[0]).id());
      case "MaterializationStore.claim" -> {
        if (result instanceof Claim.Granted(Materialization run)) {
          since.put(run.id(), System.nanoTime());
          moved(run.id(), MaterializationStatus.PENDING, MaterializationStatus.RUNNING, called);
        }
      }
      case "MaterializationStore.end" -> {
        if (Boolean.TRUE.equals(result)) {
          var end = (RunEnd) arguments[2];
          moved((String) arguments[1], end.from(), end.to(), called);
        }
      }
      case "MaterializationStore.publish" -> {
        if (result instanceof PublicationAnswer.Done) {
          var run = (Materialization) arguments[0];
          moved(run.id(), MaterializationStatus.RUNNING, MaterializationStatus.SUCCESS, called);
        }
      }
      default -> {
        // Nothing else moves a state.
      }
    }
  }

  private void moved(String id, MaterializationStatus from, MaterializationStatus to, long called) {
    edges.computeIfAbsent(id, i -> new ArrayList<>()).add(new Edge(from, to));
    if (from == MaterializationStatus.RUNNING) {
      until.put(id, called);
    }
  }

  /** Runs that were RUNNING once. */
  synchronized Set<String> claimed() {
    return Set.copyOf(since.keySet());
  }

  /** How often each edge was seen. */
  synchronized Map<String, Integer> counts() {
    var counts = new TreeMap<String, Integer>();
    edges.values().stream()
        .flatMap(List::stream)
        .forEach(edge -> counts.merge(edge.from() + "→" + edge.to(), 1, Integer::sum));
    return counts;
  }

  /** What must not be: edges outside the table, a state left twice, two RUNNING at a time. */
  synchronized List<String> violations() {
    var found = new ArrayList<String>();
    edges.forEach((id, taken) -> {
      if (!created.contains(id)) {
        found.add("never created: " + id);
      }
      var left = new HashSet<MaterializationStatus>();
      var at = new HashSet<>(Set.of(MaterializationStatus.PENDING));
      for (Edge edge : taken) {
        if (!edge.from().mayBecome(edge.to()) || !left.add(edge.from())) {
          found.add("%s: %s".formatted(id, taken));
        }
        at.add(edge.to());
      }
      if (!at.containsAll(left)) {
        found.add("%s left a state it never had: %s".formatted(id, taken));
      }
    });
    List<String> inOrder =
        since.keySet().stream().sorted((a, b) -> Long.compare(start(a), start(b))).toList();
    for (int i = 1; i < inOrder.size(); i++) {
      Long end = until.get(inOrder.get(i - 1));
      if (end == null || end - start(inOrder.get(i)) > 0) {
        found.add("RUNNING at once: %s and %s".formatted(inOrder.get(i - 1), inOrder.get(i)));
      }
    }
    return found;
  }

  private long start(String id) {
    return since.getOrDefault(id, 0L);
  }
}
