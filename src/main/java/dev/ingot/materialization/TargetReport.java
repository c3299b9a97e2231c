package dev.ingot.materialization;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.plan.Reason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run did with one target. As JSON, in which it is kept, everything is on one level.
 *
 * @param reason why it did that
 * @param lineage null where nobody is to be told of it, or its build has not begun
 */
public record TargetReport(
    @JsonUnwrapped Target target,
    Reason reason,
    @JsonUnwrapped Progress progress,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TargetLineage lineage) {

  public TargetReport(Target target, Reason reason, Progress progress) {
    this(target, reason, progress, null);
  }

  /**
   * What it is about.
   *
   * @param tableName the declared name as models say it
   * @param declaredTable the same with its schema; null where it was not yet written down
   * @param dependsOn BuildIDs
   * @param changedData with DATA_CHANGED, what is otherwise; null where it was not yet written down
   * @param model where the first source is declared
   * @param line 1-based
   */
  public record Target(
      String buildId,
      String tableName,
      @Nullable String declaredTable,
      String connectionName,
      List<String> sourceNames,
      List<String> dependsOn,
      @Nullable List<String> changedData,
      @Nullable String model,
      @Nullable Integer line) {}

  /**
   * What came of it so far.
   *
   * @param physicalTable the generation's table; null until there is one
   * @param rows of the table; null until it is built or reused
   * @param bytes that the table takes; null unless it was built and its database could tell
   * @param startedAt when its build began; null when none did, or it was not yet written down
   * @param durationMs milliseconds that the build took; null when nothing was built
   * @param sql the SELECT that was run; null when nothing was
   */
  public record Progress(
      TargetStatus status,
      @Nullable String physicalTable,
      @Nullable Long rows,
      @Nullable Long bytes,
      @Nullable Instant startedAt,
      @Nullable Long durationMs,
      @Nullable String sql,
      @Nullable String error) {

    /** Nothing is done for it, or not yet. */
    static Progress none(TargetStatus status, @Nullable String physicalTable) {
      return new Progress(status, physicalTable, null, null, null, null, null, null);
    }

    /** Its table was there. */
    static Progress reused(String physicalTable, long rows) {
      return new Progress(TargetStatus.REUSED, physicalTable, rows, null, null, null, null, null);
    }

    Progress running(String statement, Instant since) {
      return new Progress(
          TargetStatus.RUNNING, physicalTable, rows, bytes, since, durationMs, statement, error);
    }

    Progress built(long rowCount, @Nullable Long size, long millis) {
      return new Progress(
          TargetStatus.BUILT, physicalTable, rowCount, size, startedAt, millis, sql, null);
    }

    Progress ended(TargetStatus how, String why) {
      return new Progress(how, null, rows, bytes, startedAt, durationMs, sql, why);
    }
  }

  /** Of something that the version before had, and that nobody knows any more how to build. */
  static TargetReport unplanned(ManifestEntry entry, String tableName) {
    return new TargetReport(
        new Target(
            entry.buildId(),
            tableName,
            entry.declared().toString(),
            entry.generation().connection(),
            entry.sourceNames(),
            List.of(),
            List.of(),
            null,
            null),
        Reason.UNPLANNED,
        Progress.none(TargetStatus.SKIPPED, null));
  }

  TargetReport running(String statement, Instant since, @Nullable TargetLineage begun) {
    return new TargetReport(target, reason, progress.running(statement, since), begun);
  }

  TargetReport built(
      long rowCount, @Nullable Long bytes, long millis, @Nullable TargetLineage whole) {
    return new TargetReport(target, reason, progress.built(rowCount, bytes, millis), whole);
  }

  TargetReport ended(TargetStatus how, String why) {
    return new TargetReport(target, reason, progress.ended(how, why), lineage);
  }

  public String buildId() {
    return target.buildId();
  }

  public TargetStatus status() {
    return progress.status();
  }
}
