package dev.ingot.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ingot.api.AttachedResources.DuckDbResource;
import dev.ingot.body.AttachedRequests.DuckDbRequest;
import dev.ingot.body.ConnectionBody.Said;
import dev.ingot.body.PostgresRequest;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ProjectName;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connections in answers, and in requests that don't create them. */
final class ConnectionResources {

  private static final String MASKED = "*** when there is one";

  private ConnectionResources() {}

  @Schema(name = "Connection", description = "A database that the project's packages may name")
  record ConnectionResource(
      String resource,
      String name,
      @Schema(
              description = "duckdb: the database that each package has without declaring it",
              allowableValues = {"duckdb", "postgres"})
          String type,
      @Schema(description = "Null for duckdb") @Nullable PostgresResource postgresConnection,
      @Schema(description = "Null for others") @Nullable DuckDbResource duckdbConnection) {}

  @Schema(name = "PostgresConnection")
  record PostgresResource(
      String host,
      int port,
      String databaseName,
      String userName,
      @Schema(description = MASKED, example = "***") @Nullable String password,
      @Schema(description = PostgresRequest.SCHEMA) @Nullable String schema,
      @Schema(description = PostgresRequest.SSL_MODE) @Nullable String sslmode,
      @Schema(description = PostgresRequest.ROOT_CERTIFICATE) @Nullable String sslRootCertificate,
      @Schema(description = PostgresRequest.FINGERPRINT) @Nullable String fingerprint,
      @Schema(description = PostgresRequest.PROPERTIES) Map<String, String> properties) {}

  @Schema(name = "ConnectionChange")
  record ConnectionChange(
      @Schema(description = "Must be the connection's name when it is given") @Nullable String name,
      @Schema(allowableValues = {"duckdb", "postgres"}) @Nullable String type,
      @Nullable PostgresRequest postgresConnection,
      @Nullable DuckDbRequest duckdbConnection) {

    Said said() {
      return new Said(type, postgresConnection, duckdbConnection);
    }
  }

  @Schema(
      name = "ConnectionTest",
      description =
          "A connection that needn't be there; with projectName and name, what isn't said is as it is on record")
  record ConnectionTest(
      @Schema(pattern = ProjectName.PATTERN) @Nullable String projectName,
      @Schema(pattern = ConnectionKey.PATTERN) @Nullable String name,
      @Schema(allowableValues = {"duckdb", "postgres"}) @Nullable String type,
      @Nullable PostgresRequest postgresConnection,
      @Nullable DuckDbRequest duckdbConnection) {

    Said said() {
      return new Said(type, postgresConnection, duckdbConnection);
    }
  }

  @Schema(name = "ConnectionTestResult")
  record TestResult(
      @Schema(allowableValues = {"ok", "failed"}) String status,
      @Schema(description = "Why it failed") @Nullable String errorMessage) {}

  @Schema(name = "SchemaName")
  record SchemaResource(
      String name,
      @Schema(description = "Whether tables go there whose declared name has no schema")
          @JsonProperty("isDefault")
          boolean standard) {}

  @Schema(name = "Table")
  record TableResource(
      @Schema(description = "As a model names it", example = "public.orders") String resource,
      String schema,
      String name,
      @Schema(allowableValues = {"table", "view"}) String type) {}

  @Schema(name = "TableColumns")
  record TableColumnsResource(
      @Schema(description = "As a model names it", example = "public.orders") String resource,
      List<ColumnResource> columns) {}

  @Schema(name = "TableColumn")
  record ColumnResource(
      String name, @Schema(description = "As the database names it") String type) {}
}
