package dev.ingot.materialization;

import dev.ingot.fault.Problem;
import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One build of a package. */
public record Materialization(
    String id,
    PackageKey key,
    MaterializationStatus status,
    boolean forceRefresh,
    boolean autoLoadManifest,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant startedAt,
    @Nullable Instant completedAt,
    @Nullable String error,
    List<Problem> problems,
    List<TargetReport> targets) {

  public Materialization {
    problems = List.copyOf(problems);
    targets = List.copyOf(targets);
  }

  public long count(TargetStatus status) {
    return targets.stream().filter(target -> target.status() == status).count();
  }
}
