package dev.ingot.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ingot.api.AttachedResources.DuckDbRequest;
import dev.ingot.api.AttachedResources.DuckDbResource;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ProjectName;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AccessMode;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connections in requests and answers. Only requests have secrets. */
final class ConnectionResources {

  private static final String MASKED = "*** when there is one";
  private static final String SCHEMA =
      "Where tables go whose declared name has no schema; null: public";
  private static final String SSL_MODE =
      "How the connection is encrypted; null: it is when the server can";
  private static final String ROOT_CERTIFICATE =
      "The certificates that the server's must be signed by, as PEM; with sslmode verify-ca or verify-full";
  private static final String FINGERPRINT =
      "What all servers of a project know the database's server by, where it has several names; it stands for host and port in what identifies the database";
  private static final String PROPERTIES =
      "Of the driver: channelBinding, connectTimeout, gssEncMode, loginTimeout, prepareThreshold, sslNegotiation, targetServerType, tcpKeepAlive";

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
      @Schema(description = SCHEMA) @Nullable String schema,
      @Schema(description = SSL_MODE) @Nullable String sslmode,
      @Schema(description = ROOT_CERTIFICATE) @Nullable String sslRootCertificate,
      @Schema(description = FINGERPRINT) @Nullable String fingerprint,
      @Schema(description = PROPERTIES) Map<String, String> properties) {}

  @Schema(name = "ConnectionRequest")
  record ConnectionRequest(
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              description =
                  "As models name it; duckdb is every package's own, and another one of type duckdb is another name for it",
              example = "warehouse",
              pattern = ConnectionKey.PATTERN)
          @Nullable String name,
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              allowableValues = {"duckdb", "postgres"})
          @Nullable String type,
      @Schema(description = "For type postgres") @Nullable PostgresRequest postgresConnection,
      @Schema(description = "For type duckdb") @Nullable DuckDbRequest duckdbConnection) {}

  @Schema(name = "ConnectionChange")
  record ConnectionChange(
      @Schema(description = "Must be the connection's name when it is given") @Nullable String name,
      @Schema(allowableValues = {"duckdb", "postgres"}) @Nullable String type,
      @Nullable PostgresRequest postgresConnection,
      @Nullable DuckDbRequest duckdbConnection) {}

  @Schema(
      name = "ConnectionTest",
      description =
          "A connection that needn't be there; with projectName and name, what isn't said is as it is on record")
  record ConnectionTest(
      @Schema(pattern = ProjectName.PATTERN) @Nullable String projectName,
      @Schema(pattern = ConnectionKey.PATTERN) @Nullable String name,
      @Schema(allowableValues = {"duckdb", "postgres"}) @Nullable String type,
      @Nullable PostgresRequest postgresConnection,
      @Nullable DuckDbRequest duckdbConnection) {}

  @Schema(
      name = "PostgresConnectionRequest",
      description =
          "host, databaseName and userName, or a connectionString that says the same. In a change, what is absent stays")
  record PostgresRequest(
      @Schema(description = "A name or an address", example = "db.example") @Nullable String host,
      @Schema(defaultValue = "5432", minimum = "1", maximum = "65535") @Nullable Integer port,
      @Nullable String databaseName,
      @Nullable String userName,
      @Schema(
              accessMode = AccessMode.WRITE_ONLY,
              description =
                  "*** is the one that is known for this host, port, databaseName and userName")
          @Nullable String password,
      @Schema(
              accessMode = AccessMode.WRITE_ONLY,
              description =
                  "Read into the other fields; special characters are percent-encoded, properties are further parameters",
              example = "postgres://user:password@host:5432/database?sslmode=require")
          @Nullable String connectionString,
      @Schema(implementation = String.class, description = SCHEMA) @Nullable TextField schema,
      @Schema(
              implementation = String.class,
              description = SSL_MODE,
              allowableValues = {
                "disable",
                "allow",
                "prefer",
                "require",
                "verify-ca",
                "verify-full"
              })
          @Nullable TextField sslmode,
      @Schema(implementation = String.class, description = ROOT_CERTIFICATE)
          @Nullable TextField sslRootCertificate,
      @Schema(implementation = String.class, description = FINGERPRINT)
          @Nullable TextField fingerprint,
      @Schema(
              implementation = Map.class,
              additionalPropertiesSchema = String.class,
              description = PROPERTIES)
          @Nullable PropertiesField properties) {

    /** Without the secrets. */
    @Override
    public String toString() {
      return "%s@%s:%s/%s".formatted(userName, host, port, databaseName);
    }
  }

  @Schema(name = "ConnectionTestResult")
  record TestResult(
      @Schema(allowableValues = {"ok", "failed"}) String status,
      @Schema(description = "Why it failed") @Nullable String errorMessage) {}

  @Schema(name = "Schema")
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
