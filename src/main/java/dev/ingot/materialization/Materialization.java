package dev.ingot.materialization;

import dev.ingot.fault.Problem;
import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One build of a package.
 *
 * @param sweep what was dropped after it
 */
public record Materialization(
    String id,
    PackageKey key,
    MaterializationStatus status,
    RunOptions options,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant startedAt,
    @Nullable Instant completedAt,
    @Nullable String error,
    List<Problem> problems,
    List<TargetReport> targets,
    Sweep sweep) {

  public Materialization {
    problems = List.copyOf(problems);
    targets = List.copyOf(targets);
  }

  /** The same, RUNNING from this time on. */
  public Materialization started(Instant at) {
    return new Materialization(
        id,
        key,
        MaterializationStatus.RUNNING,
        options,
        createdAt,
        at,
        at,
        completedAt,
        error,
        problems,
        targets,
        sweep);
  }

  public long count(TargetStatus status) {
    return targets.stream().filter(target -> target.status() == status).count();
  }
}
