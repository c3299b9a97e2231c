package dev.ingot.materialization;

import dev.ingot.project.PackageName;
import dev.ingot.project.ProjectName;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs of a project are listed, newest first.
 *
 * @param packages whose runs; none means no run
 * @param after where an earlier page ended; null from the newest on
 * @param offset how many are left out from there
 */
public record RunQuery(
    ProjectName project,
    List<PackageName> packages,
    Filter filter,
    @Nullable Position after,
    int limit,
    int offset) {

  /**
   * @param statuses none means any
   * @param createdAfter exclusive
   * @param createdBefore exclusive
   */
  public record Filter(
      Set<MaterializationStatus> statuses,
      @Nullable Instant createdAfter,
      @Nullable Instant createdBefore) {

    public static final Filter ALL = new Filter(Set.of(), null, null);

    public Filter {
      statuses = Set.copyOf(statuses);
    }
  }

  /** A place in the order of runs, whether there is one or not any more. */
  public record Position(Instant createdAt, String id) {}

  public RunQuery {
    packages = List.copyOf(packages);
    if (limit < 1 || offset < 0) {
      throw new IllegalArgumentException("a page of %d from %d on".formatted(limit, offset));
    }
  }
}
