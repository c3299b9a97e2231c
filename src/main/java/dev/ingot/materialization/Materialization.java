package dev.ingot.materialization;

import dev.ingot.fault.Problem;
import dev.ingot.plan.Reason;
import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One build of a package. */
public record Materialization(
    String id,
    PackageKey key,
    RunOptions options,
    MaterializationStatus status,
    Times times,
    Result result) {

  /**
   * When it came to where it is.
   *
   * @param started null before that
   * @param completed null before that
   */
  public record Times(
      Instant created, Instant updated, @Nullable Instant started, @Nullable Instant completed) {

    Times started(Instant at) {
      return new Times(created, at, at, completed);
    }
  }

  /**
   * What came of it so far.
   *
   * @param error the first of the problems in words; null where there is none
   * @param sweep what was dropped after it
   * @param planning how far its plan was when that was last said; null where it never was
   */
  public record Result(
      @Nullable String error,
      List<Problem> problems,
      List<TargetReport> targets,
      Sweep sweep,
      @Nullable PlanProgress planning) {

    public static final Result NOTHING =
        new Result(null, List.of(), List.of(), Sweep.NOTHING, null);

    public Result {
      problems = List.copyOf(problems);
      targets = List.copyOf(targets);
    }
  }

  /** One that is created now and waits to be started. */
  public static Materialization pending(
      String id, PackageKey key, RunOptions options, Instant now) {
    return new Materialization(
        id,
        key,
        options,
        MaterializationStatus.PENDING,
        new Times(now, now, null, null),
        Result.NOTHING);
  }

  /** The same, RUNNING from this time on. */
  public Materialization started(Instant at) {
    return new Materialization(
        id, key, options, MaterializationStatus.RUNNING, times.started(at), result);
  }

  /** The same with no other tables than these, by BuildID. */
  public Materialization only(Predicate<String> tables) {
    List<TargetReport> some =
        targets().stream().filter(report -> tables.test(report.buildId())).toList();
    return some.size() == targets().size()
        ? this
        : new Materialization(
            id,
            key,
            options,
            status,
            times,
            new Result(result.error(), result.problems(), some, result.sweep(), result.planning()));
  }

  /** The same without the lines of models that its problems are about. */
  public Materialization withoutExcerpts() {
    List<Problem> plain = problems().stream().map(Problem::withoutExcerpt).toList();
    return new Materialization(
        id,
        key,
        options,
        status,
        times,
        new Result(result.error(), plain, result.targets(), result.sweep(), result.planning()));
  }

  public Instant createdAt() {
    return times.created();
  }

  public Instant updatedAt() {
    return times.updated();
  }

  public @Nullable Instant startedAt() {
    return times.started();
  }

  public @Nullable Instant completedAt() {
    return times.completed();
  }

  public @Nullable String error() {
    return result.error();
  }

  public List<Problem> problems() {
    return result.problems();
  }

  public List<TargetReport> targets() {
    return result.targets();
  }

  public Sweep sweep() {
    return result.sweep();
  }

  /** How far its plan is; null unless it is being planned, and has been for a while. */
  public @Nullable PlanProgress planning() {
    return status == MaterializationStatus.RUNNING && targets().isEmpty()
        ? result.planning()
        : null;
  }

  /** What the version before had and only models declare that don't compile, by its names. */
  public List<String> unplannedSources() {
    return targets().stream()
        .filter(target -> target.reason() == Reason.UNPLANNED)
        .flatMap(target -> target.target().sourceNames().stream())
        .toList();
  }

  public long count(TargetStatus status) {
    return targets().stream().filter(target -> target.status() == status).count();
  }
}
