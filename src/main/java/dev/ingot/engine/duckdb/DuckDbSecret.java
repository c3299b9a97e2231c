package dev.ingot.engine.duckdb;

import static dev.ingot.engine.TableName.quote;
import static dev.ingot.engine.duckdb.DuckDbSql.literal;

import dev.ingot.engine.elsewhere.BucketObjects;
import dev.ingot.engine.elsewhere.WayOut;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.AzureAccess;
import dev.ingot.project.AzureAccess.Application;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.DataPath;
import dev.ingot.project.PostgresSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What DuckDB is told to reach something that lies elsewhere. It is kept in memory.
 *
 * @param type as DuckDB names it; its extension must be loaded
 */
public record DuckDbSecret(String type, Map<String, String> values) {

  /**
   * @param scope what it serves for begins with it
   */
  static DuckDbSecret ofBucket(String scope, BucketAccess access) {
    var values = new LinkedHashMap<String, String>();
    values.put("SCOPE", scope);
    values.put("KEY_ID", access.accessKeyId());
    values.put("SECRET", access.secretAccessKey());
    if (access.sessionToken() != null) {
      values.put("SESSION_TOKEN", access.sessionToken());
    }
    values.put(
        "REGION", access.region().isEmpty() ? BucketObjects.DEFAULT_REGION : access.region());
    if (access.endpoint() != null) {
      values.put("ENDPOINT", access.endpoint());
    }
    values.put("URL_STYLE", access.pathStyle() ? "path" : "vhost");
    values.put("USE_SSL", String.valueOf(access.useSsl()));
    return new DuckDbSecret(scope.startsWith("gs:") ? "gcs" : "s3", values);
  }

  /**
   * @param scope what it serves for begins with it
   * @param way the extension doesn't look at the proxy of the whole database
   */
  static DuckDbSecret ofAzure(String scope, AzureAccess access, WayOut.Pass way) {
    var values = new LinkedHashMap<String, String>();
    values.put("SCOPE", scope);
    Application application = access.application();
    if (application == null) {
      values.put(
          "CONNECTION_STRING",
          "BlobEndpoint=%s;SharedAccessSignature=%s"
              .formatted(access.endpoint(), access.signature()));
    } else {
      values.put("PROVIDER", "service_principal");
      values.put("ACCOUNT_NAME", application.account());
      values.put("TENANT_ID", application.tenantId());
      values.put("CLIENT_ID", application.clientId());
      values.put("CLIENT_SECRET", application.clientSecret());
    }
    values.put("HTTP_PROXY", "http://" + way.proxy());
    values.put("PROXY_USER_NAME", way.user());
    values.put("PROXY_PASSWORD", way.secret());
    return new DuckDbSecret("azure", values);
  }

  static DuckDbSecret ofPostgres(PostgresSettings postgres) {
    var values = new LinkedHashMap<String, String>();
    values.put("HOST", postgres.host());
    values.put("PORT", String.valueOf(postgres.port()));
    values.put("DATABASE", postgres.database());
    values.put("USER", postgres.user());
    values.put("PASSWORD", postgres.password());
    return new DuckDbSecret("postgres", values);
  }

  /**
   * Tells DuckDB how the folder of a shared project is reached.
   *
   * @throws Fault INVALID_STORAGE
   */
  public static void create(Connection connection, DataPath data, BucketAccess access) {
    try {
      keepInMemory(connection);
      // With the slash: s3://bucket/lake must not serve for s3://bucket/lakeside.
      ofBucket(data.root() + "/", access).create(connection, "ingot_data");
    } catch (SQLException e) {
      throw new Fault(
          FaultCode.INVALID_STORAGE,
          "DuckDB refuses the access to %s: check its endpoint and region".formatted(data),
          e);
    }
  }

  /**
   * Before there is any: otherwise the folder of those that are kept in files is looked for, which
   * fails once the configuration is locked.
   */
  static void keepInMemory(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean kept;
      try (ResultSet row =
          statement.executeQuery("SELECT current_setting('allow_persistent_secrets')")) {
        row.next();
        kept = row.getBoolean(1);
      }
      // Once there is a secret it can't be set any more.
      if (kept) {
        statement.execute("SET GLOBAL allow_persistent_secrets=false");
      }
    }
  }

  /**
   * @throws SQLException without what DuckDB said, which may repeat the secret
   */
  void create(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE SECRET %s (TYPE %s, %s)"
              .formatted(
                  quote(name),
                  type,
                  values.entrySet().stream()
                      .map(one -> one.getKey() + " " + literal(one.getValue()))
                      .collect(Collectors.joining(", "))));
    } catch (SQLException e) {
      // Its message may repeat the statement, so it is no cause either.
      throw new SQLException("DuckDB refuses the access to it: check its fields");
    }
  }

  /** Without the values. */
  @Override
  public String toString() {
    return type;
  }
}
