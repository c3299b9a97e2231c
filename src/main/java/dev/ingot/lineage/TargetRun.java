package dev.ingot.lineage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.RunEnd;
import dev.ingot.materialization.TargetLineage;
import dev.ingot.materialization.TargetReport;
import dev.ingot.materialization.TargetStatus;
import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A table's build within a run, as a run of its own.
 *
 * @param started when its build began
 */
record TargetRun(
    PackageKey key, String run, TargetReport report, TargetLineage lineage, Instant started) {

  /** Empty where nothing was built, or nobody was to be told when it was. */
  static Optional<TargetRun> of(PackageKey key, String run, TargetReport report) {
    TargetLineage lineage = report.lineage();
    Instant started = report.progress().startedAt();
    return lineage == null || started == null
        ? Optional.empty()
        : Optional.of(new TargetRun(key, run, report, lineage, started));
  }

  /** The same whenever it is asked for. */
  String id() {
    return UUID.nameUUIDFromBytes((run + " " + report.buildId()).getBytes(UTF_8)).toString();
  }

  /** What its job is called within the package. */
  String name() {
    TargetReport.Target target = report.target();
    return "%s.%s".formatted(target.connectionName(), target.tableName());
  }

  boolean isBuilt() {
    return report.status() == TargetStatus.BUILT;
  }

  /**
   * How it ended. What was still at work when its run ended, ended with that.
   *
   * @param end of the run
   */
  Event.Type end(RunEnd end) {
    return switch (report.status()) {
      case BUILT, REUSED -> Event.Type.COMPLETE;
      case FAILED -> Event.Type.FAIL;
      case CANCELLED, SKIPPED -> Event.Type.ABORT;
      case PENDING, RUNNING ->
          end.to() == MaterializationStatus.CANCELLED ? Event.Type.ABORT : Event.Type.FAIL;
    };
  }

  /** When. */
  Instant endedAt(RunEnd end) {
    Long millis = report.progress().durationMs();
    return millis == null ? end.at() : started.plusMillis(millis);
  }

  /** Why it failed; null where it didn't. */
  @Nullable String error(RunEnd end) {
    if (end(end) != Event.Type.FAIL) {
      return null;
    }
    String own = report.progress().error();
    return own == null ? end.error() : hidden().orElse(own);
  }

  /** What is said instead of why it failed: a database's words may have a part of the SQL. */
  private Optional<String> hidden() {
    return lineage.gated()
        ? Optional.of(
            "Building %s failed; why is for who may build it"
                .formatted(report.target().tableName()))
        : Optional.empty();
  }

  /** What is said instead of why its run failed, where that is because of this one. */
  Optional<String> hidden(String error) {
    String own = report.progress().error();
    return own == null || !error.contains(own) ? Optional.empty() : hidden();
  }
}
