package dev.ingot.materialization;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** How far the tables are that this server builds just now, where their engines tell. */
@Component
class BuildProgress {

  private final ConcurrentHashMap<Build, Supplier<OptionalDouble>> building =
      new ConcurrentHashMap<>();

  private record Build(String runId, String buildId) {}

  /** A table that is built until it is closed. */
  interface Building extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param percent asks for it; may wait for a moment
   */
  Building begin(String runId, String buildId, Supplier<OptionalDouble> percent) {
    var build = new Build(runId, buildId);
    building.put(build, percent);
    return () -> building.remove(build);
  }

  /** In percent, by BuildID: those tables of a run that somebody can tell it of. */
  Map<String, Double> of(String runId) {
    var known = new HashMap<String, Double>();
    building.forEach((build, percent) -> {
      if (build.runId().equals(runId)) {
        percent.get().ifPresent(done -> known.put(build.buildId(), done));
      }
    });
    return known;
  }
}
