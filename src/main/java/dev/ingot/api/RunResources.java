package dev.ingot.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.TargetStatus;
import dev.ingot.plan.Reason;
import dev.ingot.plan.Selection.Freshness;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bodies of builds, of plans and of the manifests that they publish. */
final class RunResources {

  private static final String SAID =
      "The declared name, with a schema only where it isn't the connection's own";
  private static final String QUALIFIED = "The declared name with its schema";

  private static final String CHANGED =
      "With DATA_CHANGED, what of its data is otherwise than when its table was built";

  private RunResources() {}

  /**
   * @param word null for the default
   * @throws Fault BAD_REQUEST
   */
  static Freshness freshness(@Nullable String word) {
    return switch (word) {
      case "check" -> Freshness.CHECK;
      case "ignore" -> Freshness.IGNORE;
      case null -> Freshness.CHECK;
      default ->
          throw new Fault(
              FaultCode.BAD_REQUEST,
              "'freshness' must be check or ignore, not '%s'".formatted(word));
    };
  }

  @Schema(name = "MaterializationRequest")
  record MaterializationRequest(
      @Schema(description = "Build everything, changed or not", defaultValue = "false")
          @Nullable Boolean forceRefresh,
      @Schema(description = "Serve the new tables as soon as they are there", defaultValue = "true")
          @Nullable Boolean autoLoadManifest,
      @Schema(description = "Stop at the first table that fails", defaultValue = "false")
          @Nullable Boolean failFast,
      @Schema(
              description =
                  "What happens when a model doesn't compile or a table can't be built. fail: the build is FAILED and nothing is published. publish: it is a SUCCESS, and what was built is published; what failed keeps its table only where that is still right, else it is answered live. Not with failFast",
              allowableValues = {"fail", "publish"},
              defaultValue = "fail")
          @Nullable String onError,
      @Schema(
              description =
                  "What is made of data files that changed under an unchanged model. check: what was built from them is built anew. ignore: nothing",
              allowableValues = {"check", "ignore"},
              defaultValue = "check")
          @Nullable String freshness,
      @Schema(
              description =
                  "Build these sources and what depends on them, and what they need; absent: all",
              example = "[\"order_summary\"]")
          @Nullable List<String> sources,
      @Schema(
              description =
                  "Start it at once; while another build of the package is RUNNING that is a 409, and nothing is created",
              defaultValue = "false")
          @Nullable Boolean start) {}

  @Schema(name = "Materialization")
  record MaterializationResource(
      String resource,
      String id,
      @Schema(description = "The project's name") String projectId,
      String packageName,
      MaterializationStatus status,
      boolean forceRefresh,
      boolean autoLoadManifest,
      boolean failFast,
      @Schema(allowableValues = {"fail", "publish"}) String onError,
      @Schema(allowableValues = {"check", "ignore"}) String freshness,
      @Schema(description = "The selected sources; empty: all") List<String> sources,
      Instant createdAt,
      Instant updatedAt,
      @Nullable Instant startedAt,
      @Nullable Instant completedAt,
      @Nullable String error,
      Metadata metadata,
      List<TargetResource> targets,
      List<Problem> problems) {}

  @Schema(name = "MaterializationChange", description = "What isn't about one target")
  record RunChange(
      MaterializationStatus status,
      Instant updatedAt,
      @Nullable Instant startedAt,
      @Nullable Instant completedAt,
      @Nullable String error,
      Metadata metadata,
      List<Problem> problems) {

    static RunChange of(MaterializationResource run) {
      return new RunChange(
          run.status(),
          run.updatedAt(),
          run.startedAt(),
          run.completedAt(),
          run.error(),
          run.metadata(),
          run.problems());
    }
  }

  @Schema(name = "TableProgress", description = "How far a table is that is being built")
  record TableProgress(
      String buildId,
      @Schema(description = "Percent", minimum = "0", maximum = "100") double percent) {}

  @Schema(name = "TargetReport")
  record TargetResource(
      String buildId,
      @Schema(description = SAID) String tableName,
      @Schema(description = QUALIFIED) String declaredTable,
      @Nullable String physicalTable,
      String connectionName,
      List<String> sourceNames,
      List<String> dependsOn,
      TargetStatus status,
      Reason reason,
      @Schema(description = CHANGED) List<String> changedData,
      @Nullable Long rows,
      @Schema(
              description =
                  "How many bytes its table took, about, when it was built; null where none was or its database can't tell")
          @Nullable Long bytes,
      @Nullable Instant startedAt,
      @Nullable Long durationMs,
      @Nullable String sql,
      @Nullable String error,
      @Nullable String model,
      @Nullable Integer line) {}

  @Schema(name = "MaterializationMetadata")
  record Metadata(
      boolean forceRefresh,
      boolean autoLoadManifest,
      @Schema(description = "Tables that were built") long sourcesBuilt,
      @Schema(description = "Tables that were there already") long sourcesSkipped,
      @Schema(description = "Tables whose build failed") long sourcesFailed,
      @Schema(
              description =
                  "Sources that the version before had and that no model declares which compiles")
          List<String> sourcesUnplanned,
      @Schema(description = "Declared names of the tables that the run covers")
          List<String> sources,
      @Schema(description = "Tables that nobody needed any more and that went after the run")
          List<String> gcDropped,
      @Schema(description = "Why others of them are still there; it is tried again")
          List<String> gcErrors,
      @Schema(
              description =
                  "Only while it is RUNNING and planned, and only when that takes a while")
          @Nullable Planning planning) {}

  @Schema(name = "PlanningProgress", description = "How far the plan of a build is")
  record Planning(
      @Schema(description = "How many there are") int models,
      int modelsCompiled,
      @Schema(
              description =
                  "Persist sources whose SQL is worked out; one may be planned in several models")
          int sourcesPlanned) {}

  @Schema(name = "TeardownRequest")
  record TeardownRequest(
      @Schema(description = "Only tell what would be dropped", defaultValue = "false")
          @Nullable Boolean dryRun) {}

  @Schema(name = "Teardown")
  record TeardownResource(
      boolean dryRun,
      List<DroppedTable> dropped,
      @Schema(description = "Why others are still there; it is tried again") List<String> errors) {}

  @Schema(name = "DroppedTable")
  record DroppedTable(
      String buildId,
      @Schema(description = "The physical table") String tableName,
      String connectionName) {}

  @Schema(name = "Plan", description = "What a build would do now")
  record PlanResource(
      String resource,
      @Schema(description = "The version it starts from; 0 before the first") long version,
      @Schema(description = "True when a problem keeps everything from being built")
          boolean refused,
      List<PlanTarget> targets,
      @Schema(description = "Declared names that the next version will not have any more")
          List<String> removed,
      @Schema(
              description =
                  "Sources of these that no model declares which compiles; such a model doesn't refuse the others, but only onError publish publishes without it")
          List<String> sourcesUnplanned,
      List<Problem> problems) {}

  @Schema(name = "PlanTarget")
  record PlanTarget(
      String buildId,
      @Schema(description = SAID) String tableName,
      @Schema(description = QUALIFIED) String declaredTable,
      @Schema(description = "The table that is reused; null when one is built")
          @Nullable String physicalTable,
      String connectionName,
      List<String> sourceNames,
      @Schema(description = "LEAVE: not selected, and nothing to carry over") PlanAction action,
      Reason reason,
      @Schema(description = CHANGED) List<String> changedData,
      @Schema(
              description =
                  "Whether new data under an unchanged model is noticed; unknown: use forceRefresh",
              allowableValues = {"checked", "unknown"})
          String freshness,
      @Schema(description = "Fully inlined; what the BuildID hashes") String sql,
      @Schema(description = "The same of the table that it replaces, when it differs")
          @Nullable String previousSql,
      @Schema(description = "BuildIDs that it reads") List<String> dependsOn,
      @Schema(description = "BuildIDs of all that reads it, directly or not")
          List<String> downstream,
      @Nullable String model,
      @Nullable Integer line) {}

  /** What a build does with a target. */
  enum PlanAction {
    BUILD,
    REUSE,
    LEAVE
  }

  @Schema(name = "ManifestVersion")
  record VersionResource(
      long version,
      boolean current,
      @Schema(allowableValues = {"RUN", "ROLLBACK", "TEARDOWN"}) String cause,
      @Schema(description = "The build that published it") @Nullable String materializationId,
      @Schema(description = "The version that a rollback went back to") @Nullable Long restored,
      Instant publishedAt,
      List<String> tables) {}

  @Schema(name = "RollbackRequest")
  record RollbackRequest(
      @Schema(description = "Absent: the newest that differs from the current one")
          @Nullable Long version,
      @Schema(
              description = "Also when it has no table for some of today's sources",
              defaultValue = "false")
          @Nullable Boolean force) {}

  @Schema(name = "Manifest")
  record ManifestResource(
      @Schema(description = "By BuildID") Map<String, ManifestEntryResource> entries,
      @Schema(description = "The package's own") @Nullable Boolean strict,
      @Schema(description = "The current version") @Nullable Long version,
      @Schema(description = "The version that answers queries here; 0 when none does")
          @Nullable Long servedVersion) {}

  @Schema(name = "ManifestEntry")
  record ManifestEntryResource(
      String buildId,
      @Schema(description = "The declared name, or the generation with names=physical")
          String tableName,
      @Schema(description = QUALIFIED) String declaredTable,
      String physicalTable,
      String connectionName,
      List<String> sourceNames,
      long rows,
      @Nullable Instant builtAt,
      @JsonProperty("materializationId") String runId) {}
}
