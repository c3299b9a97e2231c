package dev.ingot.bench;

import dev.ingot.testing.PackageApi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * A run that succeeded, and where its time went.
 *
 * @param seen from the request to start until SUCCESS was seen over HTTP
 * @param plan from the claim to the first target's start: reading, compiling, planning, intents
 * @param build from the first target's start to the last one's end
 * @param write from there to SUCCESS
 * @param built what was built, in dependency order
 */
record Run(Duration seen, Duration plan, Duration build, Duration write, List<Target> built) {

  /**
   * A table that was built.
   *
   * @param reads BuildIDs of the tables that it was built from, of this run
   */
  record Target(String buildId, String table, String sql, Set<String> reads) {}

  /**
   * Carries one out.
   *
   * @param pause between two looks at it: whoever looks without one takes a processor from the
   *     build
   */
  static Run of(PackageApi api, String body, Duration pause) {
    String id = api.create(body);
    long before = System.nanoTime();
    JsonNode run = api.start(id);
    while (run.path("status").asString().equals("RUNNING")) {
      LockSupport.parkNanos(pause.toNanos());
      run = api.get(id);
    }
    Duration seen = Duration.ofNanos(System.nanoTime() - before);
    if (!run.path("status").asString().equals("SUCCESS")) {
      throw new AssertionError(run.toPrettyString());
    }
    return of(run, api.manifest().path("entries"), seen);
  }

  private static Run of(JsonNode run, JsonNode entries, Duration seen) {
    Instant started = Instant.parse(run.path("startedAt").asString());
    Instant completed = Instant.parse(run.path("completedAt").asString());
    Instant first = completed;
    Instant last = started;
    var built = new ArrayList<JsonNode>();
    for (JsonNode target : run.path("targets")) {
      if (target.path("status").asString().equals("BUILT")) {
        built.add(target);
        JsonNode entry = entries.path(target.path("buildId").asString());
        Instant end = Instant.parse(entry.path("builtAt").asString());
        Instant start = end.minusMillis(target.path("durationMs").asLong());
        first = start.isBefore(first) ? start : first;
        last = end.isAfter(last) ? end : last;
      }
    }
    if (built.isEmpty()) {
      return new Run(
          seen, Duration.between(started, completed), Duration.ZERO, Duration.ZERO, List.of());
    }
    return new Run(
        seen,
        Duration.between(started, first),
        Duration.between(first, last),
        Duration.between(last, completed),
        targets(built));
  }

  private static List<Target> targets(List<JsonNode> built) {
    Map<String, Target> byId = new HashMap<>();
    for (JsonNode node : built) {
      var reads = new HashSet<String>();
      node.path("dependsOn").forEach(dependency -> reads.add(dependency.asString()));
      String id = node.path("buildId").asString();
      String[] table = node.path("physicalTable").asString().split("\\.", 2);
      byId.put(
          id,
          new Target(
              id,
              "\"%s\".\"%s\"".formatted(table[0], table[1]),
              node.path("sql").asString(),
              reads));
    }
    byId.values().forEach(target -> target.reads().retainAll(byId.keySet()));
    return byId.values().stream()
        .sorted(Comparator.comparingInt(target -> depth(target, byId)))
        .toList();
  }

  private static int depth(Target target, Map<String, Target> all) {
    return all.values().stream()
        .filter(other -> target.reads().contains(other.buildId()))
        .mapToInt(read -> 1 + depth(read, all))
        .max()
        .orElse(0);
  }
}
