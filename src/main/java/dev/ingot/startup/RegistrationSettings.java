package dev.ingot.startup;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.AttachedFields;
import dev.ingot.project.AzureFields;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.PostgresFields;
import dev.ingot.project.PostgresSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is registered at each start.
 *
 * @param projects by name
 */
@ConfigurationProperties("ingot")
public record RegistrationSettings(@DefaultValue Map<String, ProjectSettings> projects) {

  /**
   * @param storage null keeps the storage that the project has
   * @param givens what they are bound to, by name; none keeps those that the project has
   * @param connections by name
   * @param packages locations by name
   */
  public record ProjectSettings(
      @Nullable StorageSettings storage,
      @DefaultValue Map<String, String> givens,
      @DefaultValue Map<String, ConnectionSettings> connections,
      @DefaultValue Map<String, String> packages) {}

  /** The place of a project's shared state and tables, as the API has it. */
  public record StorageSettings(@Nullable String catalogUrl, @Nullable String dataPath) {

    /** Without the password in the URL. */
    @Override
    public String toString() {
      return "storage at " + dataPath;
    }
  }

  /**
   * A connection, as the API has it: one of type duckdb has attached databases and nothing else,
   * others are PostgreSQL's.
   *
   * @param properties of the driver; case doesn't matter in their names, which variables of the
   *     environment don't keep
   */
  public record ConnectionSettings(
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String databaseName,
      @Nullable String userName,
      @Nullable String password,
      @Nullable String connectionString,
      @Nullable String schema,
      @Nullable String sslmode,
      @Nullable String sslRootCertificate,
      @Nullable String fingerprint,
      @DefaultValue Map<String, String> properties,
      @DefaultValue List<AttachedSettings> attachedDatabases) {

    /**
     * @throws Fault INVALID_CONNECTION
     */
    dev.ingot.project.ConnectionSettings settings() {
      if (attachedDatabases.isEmpty()) {
        return postgres().settings(null);
      }
      if (host != null || connectionString != null) {
        throw new Fault(
            FaultCode.INVALID_CONNECTION,
            "attached-databases are for connections of type duckdb, which have no other settings");
      }
      return new DuckDbGrants(attachedDatabases.stream().map(AttachedSettings::database).toList());
    }

    private PostgresFields postgres() {
      var named = new HashMap<String, String>();
      properties.forEach((name, value) -> named.put(property(name), value));
      return new PostgresFields(
              host,
              port,
              databaseName,
              userName,
              password,
              schema,
              sslmode,
              sslRootCertificate,
              fingerprint,
              named)
          .and(connectionString);
    }

    private static String property(String name) {
      return PostgresSettings.PROPERTIES.stream()
          .filter(name::equalsIgnoreCase)
          .findFirst()
          .orElse(name);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
      return "%s@%s:%s/%s".formatted(userName, host, port, databaseName);
    }
  }

  /**
   * What DuckDB may read elsewhere, as the API has it.
   *
   * @param accessKeyId of a bucket, as the four after it; of Google's an HMAC key
   * @param azure of a container of Azure's
   * @param postgres of a database
   */
  public record AttachedSettings(
      String name,
      String type,
      @Nullable String prefix,
      @Nullable String accessKeyId,
      @Nullable String secretAccessKey,
      @Nullable String sessionToken,
      @Nullable String region,
      @Nullable String endpoint,
      @Nullable AzureFields azure,
      @Nullable AttachedPostgres postgres) {

    private AttachedDatabase database() {
      AttachedDatabase.Type known =
          AttachedDatabase.Type.of(type)
              .orElseThrow(() ->
                  new Fault(
                      FaultCode.INVALID_CONNECTION,
                      "the type of an attached database must be one of "
                          + AttachedDatabase.Type.words()));
      AttachedFields.Key key =
          accessKeyId == null || secretAccessKey == null
              ? null
              : new AttachedFields.Key(
                  accessKeyId, secretAccessKey, sessionToken, region, endpoint);
      return new AttachedFields(
              name, known, prefix, key, azure, postgres == null ? null : postgres.fields())
          .database(null);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
      return "%s (%s)".formatted(name, prefix);
    }
  }

  /** A PostgreSQL database that DuckDB reads, as the API has it. */
  public record AttachedPostgres(
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String databaseName,
      @Nullable String userName,
      @Nullable String password,
      @Nullable String connectionString,
      @Nullable String sslmode,
      @Nullable String sslRootCertificate) {

    private PostgresFields fields() {
      return new PostgresFields(
              host,
              port,
              databaseName,
              userName,
              password,
              null,
              sslmode,
              sslRootCertificate,
              null,
              null)
          .and(connectionString);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
      return "%s@%s:%s/%s".formatted(userName, host, port, databaseName);
    }
  }
}
