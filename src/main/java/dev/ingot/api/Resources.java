package dev.ingot.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ingot.api.ConnectionResources.ConnectionResource;
import dev.ingot.api.StorageResources.StorageResource;
import dev.ingot.api.WebhookResources.WebhookResource;
import dev.ingot.compile.ModelReport;
import dev.ingot.fault.Problem;
import dev.ingot.query.QueryAnswer;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The bodies of requests and answers, field for field as {@code api-doc.yaml} has them. */
final class Resources {

  private static final String GIVENS =
      "Values of the model's givens by name, of the types that the model declares. Those that the project binds to claims can't be set";

  private Resources() {}

  @Schema(name = "Project")
  record ProjectResource(
      String resource,
      String name,
      List<PackageRef> packages,
      List<ConnectionResource> connections,
      @Schema(description = "Null while state and tables are this server's own")
          @Nullable StorageResource materializationStorage,
      @Schema(
              description = "The givens that are claims of the caller's key or token",
              example = "{\"ORG\": \"claim:org_id\"}")
          Map<String, String> givens,
      @Schema(description = "Who is told of its builds; null for who isn't an admin of it")
          @Nullable List<WebhookResource> webhooks,
      @Schema(description = "What is unwise about the storage that this request has set")
          List<String> warnings) {}

  @Schema(name = "PackageRef", description = "A package's name and folder")
  record PackageRef(String name, String location) {}

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
      @Schema(description = "What queries may have values for") List<GivenResource> givens,
      @Schema(description = "Whether the model may have persist sources") boolean persistence,
      List<Problem> problems) {}

  @Schema(name = "Given")
  record GivenResource(
      String name,
      @Schema(description = "As models write it", example = "filter<string>") String type,
      @Schema(description = "As they stand before it in the model") List<String> annotations,
      @Schema(name = "default", description = "As the model writes it; null without one")
          @JsonProperty("default")
          @Nullable String defaultText,
      @Schema(
              description =
                  "Whether it is a claim of the caller's key or token, which no request can set")
          boolean bound) {}

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
      @Schema(description = GIVENS) @Nullable Map<String, @Nullable Object> givens,
      @Schema(description = "Not supported; must be empty or absent", maxProperties = 0)
          @Nullable Map<String, Object> filterParams,
      @Schema(description = "Not supported; must be empty, false or absent")
          @Nullable JsonNode bypassFilters) {}

  @Schema(name = "QueryResult")
  record QueryResult(
      @Schema(description = "JSON text") String result,
      String resource,
      @Schema(description = "The statement that was run; null where it reads what is gated")
          @Nullable String sql,
      @Schema(description = "The compiler's warnings") List<Problem> renderLogs,
      @Schema(description = "Persist sources that were read from their tables")
          List<QueryAnswer.MaterializedRead> materialized,
      @Schema(description = "Persist sources that were computed, and why")
          List<QueryAnswer.LiveRead> live,
      @Schema(description = "Whether the same was answered before, and kept") boolean cached) {}

  @Schema(name = "CompileRequest")
  record CompileRequest(
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              description = "Malloy text, compiled on top of the model in restricted mode")
          @Nullable String source,
      @Schema(defaultValue = "false") @Nullable Boolean includeSql,
      @Schema(description = GIVENS) @Nullable Map<String, @Nullable Object> givens) {}

  @Schema(name = "CompileResult")
  record CompileResult(
      @Schema(allowableValues = {"success", "error"}) String status,
      List<Problem> problems,
      @Schema(
              description =
                  "SQL of the text's last query, when it was asked for; of what is gated only for who may build")
          @Nullable String sql) {}

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
