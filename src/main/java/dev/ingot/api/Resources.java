package dev.ingot.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ingot.api.StorageResources.StorageRequest;
import dev.ingot.api.StorageResources.StorageResource;
import dev.ingot.compile.ModelReport;
import dev.ingot.fault.Problem;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.TargetStatus;
import dev.ingot.plan.Reason;
import dev.ingot.project.PackageName;
import dev.ingot.project.ProjectName;
import dev.ingot.query.QueryAnswer;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The bodies of requests and answers, field for field as {@code api-doc.yaml} has them. */
final class Resources {

  private Resources() {}

  @Schema(name = "Project")
  record ProjectResource(
      String resource,
      String name,
      List<PackageRef> packages,
      List<ConnectionResource> connections,
      @Schema(description = "Null while state and tables are this server's own")
          @Nullable StorageResource materializationStorage,
      @Schema(description = "What is unwise about the storage that this request has set")
          List<String> warnings) {}

  @Schema(name = "PackageRef", description = "A package's name and folder")
  record PackageRef(String name, String location) {}

  @Schema(name = "Connection")
  record ConnectionResource(
      String resource, String name, @Schema(example = "duckdb") String type) {}

  @Schema(name = "ProjectRequest")
  record ProjectRequest(
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              example = "demo",
              pattern = ProjectName.PATTERN)
          @Nullable String name,
      @Schema(description = "Packages to register with it") @Nullable List<PackageRequest> packages,
      @Schema(description = "Not supported yet; must be empty or absent")
          @Nullable List<JsonNode> connections,
      @Schema(
              implementation = StorageRequest.class,
              description = "Shares state and tables with other servers; null for a server's own")
          @Nullable StorageField materializationStorage) {}

  @Schema(name = "Package")
  record PackageResource(
      String resource,
      String projectName,
      String name,
      @Schema(description = "As it was registered") String location,
      @Nullable String description,
      @Schema(
              description =
                  "A query that finds no table for one of its persist sources is refused with 409 strict_miss instead of being answered live")
          boolean strict,
      @Schema(description = "Hash of the texts that answer queries; null when none do")
          @Nullable String servedHash,
      @Schema(description = "Hash of what lies in the folder now") @Nullable String folderHash,
      @Schema(description = "True when the folder changed since it was served") boolean stale,
      @Schema(description = "Manifest version that answers queries; 0 before the first")
          long servedVersion,
      @Schema(description = "Why it is not served, when it isn't") @Nullable String error) {}

  @Schema(name = "PackageRequest")
  record PackageRequest(
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              example = "flights",
              pattern = PackageName.PATTERN)
          @Nullable String name,
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              description = "A folder under one of the server's package roots")
          @Nullable String location,
      @Nullable String description,
      @Schema(
              description =
                  "A query that finds no table for one of its persist sources is refused with 409 strict_miss instead of being answered live",
              defaultValue = "false")
          @Nullable Boolean strict) {}

  @Schema(name = "PackageChange")
  record PackageChange(
      @Schema(description = "Must be the package's name when it is given") @Nullable String name,
      @Nullable String location,
      @Nullable String description,
      @Nullable Boolean strict) {}

  @Schema(name = "ModelRef")
  record ModelRef(
      String resource,
      String packageName,
      String path,
      @Schema(description = "The first error when it doesn't compile") @Nullable String error) {}

  @Schema(name = "Model")
  record ModelResource(
      String resource,
      String packageName,
      String path,
      String malloyVersion,
      @Schema(description = "Malloy's stable description of the model, as JSON text")
          String modelInfo,
      @Schema(description = "The model's sources from modelInfo, each as JSON text")
          List<String> sourceInfos,
      List<ModelReport.ModelQuery> queries,
      List<ModelReport.ModelSource> sources,
      @Schema(description = "Whether the model may have persist sources") boolean persistence,
      List<Problem> problems) {}

  @Schema(
      name = "QueryRequest",
      description = "Either query, or queryName with or without sourceName")
  record QueryRequest(
      @Schema(
              description = "Malloy text, compiled in restricted mode",
              example = "run: flights -> { aggregate: n is count() }")
          @Nullable String query,
      @Schema(description = "The source whose view queryName is") @Nullable String sourceName,
      @Nullable String queryName,
      @Schema(
              description = "Answer with plain rows instead of Malloy's stable result",
              defaultValue = "false")
          @Nullable Boolean compactJson,
      @Schema(description = "Not supported; must be empty or absent")
          @Nullable Map<String, Object> filterParams,
      @Schema(description = "Not supported; must be empty, false or absent")
          @Nullable JsonNode bypassFilters) {}

  @Schema(name = "QueryResult")
  record QueryResult(
      @Schema(description = "JSON text") String result,
      String resource,
      @Schema(description = "The statement that was run") String sql,
      @Schema(description = "The compiler's warnings") List<Problem> renderLogs,
      @Schema(description = "Persist sources that were read from their tables")
          List<QueryAnswer.MaterializedRead> materialized,
      @Schema(description = "Persist sources that were computed, and why")
          List<QueryAnswer.LiveRead> live) {}

  @Schema(name = "CompileRequest")
  record CompileRequest(
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              description = "Malloy text, compiled on top of the model in restricted mode")
          @Nullable String source,
      @Schema(defaultValue = "false") @Nullable Boolean includeSql) {}

  @Schema(name = "CompileResult")
  record CompileResult(
      @Schema(allowableValues = {"success", "error"}) String status,
      List<Problem> problems,
      @Schema(description = "SQL of the text's last query, when it was asked for")
          @Nullable String sql) {}

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
                  "Build these sources and what depends on them, and what they need; absent: all",
              example = "[\"order_summary\"]")
          @Nullable List<String> sources) {}

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
      @Schema(description = "The selected sources; empty: all") List<String> sources,
      Instant createdAt,
      Instant updatedAt,
      @Nullable Instant startedAt,
      @Nullable Instant completedAt,
      @Nullable String error,
      Metadata metadata,
      List<TargetResource> targets,
      List<Problem> problems) {}

  @Schema(name = "TargetReport")
  record TargetResource(
      String buildId,
      String tableName,
      @Nullable String physicalTable,
      String connectionName,
      List<String> sourceNames,
      List<String> dependsOn,
      TargetStatus status,
      Reason reason,
      @Nullable Long rows,
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
          List<String> gcErrors) {}

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
      @Schema(description = "The declared name") String tableName,
      @Schema(description = "The table that is reused; null when one is built")
          @Nullable String physicalTable,
      String connectionName,
      List<String> sourceNames,
      @Schema(description = "LEAVE: not selected, and nothing to carry over") PlanAction action,
      Reason reason,
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
      String physicalTable,
      String connectionName,
      List<String> sourceNames,
      long rows,
      @Nullable Instant builtAt,
      @JsonProperty("materializationId") String runId) {}

  @Schema(name = "ProblemDocument", description = "RFC 9457")
  record ProblemBody(
      @Schema(example = "about:blank") String type,
      String title,
      int status,
      String detail,
      @Schema(description = "The request's path") String instance,
      @Schema(description = "A stable word", example = "package_not_found") String code,
      @Schema(description = "The same as detail") String message,
      List<Problem> problems) {}
}
