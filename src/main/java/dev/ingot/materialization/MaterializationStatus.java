package dev.ingot.materialization;

import java.util.Map;
import java.util.Set;

/** The states of a materialization. The table of edges is all that ever happens (promise P5). */
public enum MaterializationStatus {
  PENDING,
  RUNNING,
  SUCCESS,
  FAILED,
  CANCELLED;

  private static final Map<MaterializationStatus, Set<MaterializationStatus>> EDGES =
      Map.of(
          PENDING, Set.of(RUNNING, CANCELLED),
          RUNNING, Set.of(SUCCESS, FAILED, CANCELLED),
          SUCCESS, Set.of(),
          FAILED, Set.of(),
          CANCELLED, Set.of());

  /** The states that may follow this one. */
  public Set<MaterializationStatus> next() {
    return EDGES.getOrDefault(this, Set.of());
  }

  public boolean mayBecome(MaterializationStatus next) {
    return next().contains(next);
  }

  /** True when nothing follows. */
  public boolean isTerminal() {
    return next().isEmpty();
  }
}
