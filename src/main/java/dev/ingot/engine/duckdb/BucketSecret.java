package dev.ingot.engine.duckdb;

import static dev.ingot.engine.duckdb.DuckDbSql.literal;

import dev.ingot.engine.elsewhere.BucketObjects;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.DataPath;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells DuckDB how a bucket is reached. It is kept in memory, for this one folder. */
public final class BucketSecret {

  private BucketSecret() {}

  /**
   * Needs the extension httpfs.
   *
   * @throws Fault INVALID_STORAGE
   */
  public static void create(Connection connection, DataPath data, BucketAccess access) {
    try {
      keepInMemory(connection);
      // With the slash: s3://bucket/lake must not serve for s3://bucket/lakeside.
      create(connection, "ingot_data", data.root() + "/", access);
    } catch (SQLException e) {
      // Its message may repeat the statement, so it is no cause either.
      throw new Fault(
          FaultCode.INVALID_STORAGE,
          "DuckDB refuses the access to %s: check its endpoint and region".formatted(data));
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
   * @param scope what it serves for begins with it
   * @throws SQLException whose message may repeat the secret
   */
  static void create(Connection connection, String name, String scope, BucketAccess access)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql(name, scope, access));
    }
  }

  private static String sql(String name, String scope, BucketAccess access) {
    var texts = new LinkedHashMap<String, String>();
    texts.put("KEY_ID", access.accessKeyId());
    texts.put("SECRET", access.secretAccessKey());
    if (access.sessionToken() != null) {
      texts.put("SESSION_TOKEN", access.sessionToken());
    }
    texts.put("REGION", access.region().isEmpty() ? BucketObjects.DEFAULT_REGION : access.region());
    if (access.endpoint() != null) {
      texts.put("ENDPOINT", access.endpoint());
    }
    texts.put("URL_STYLE", access.pathStyle() ? "path" : "vhost");
    texts.put("SCOPE", scope);
    return "CREATE SECRET %s (TYPE %s, %s, USE_SSL %s)"
        .formatted(
            name,
            scope.startsWith("gs:") ? "gcs" : "s3",
            texts.entrySet().stream().map(BucketSecret::text).collect(Collectors.joining(", ")),
            access.useSsl());
  }

  private static String text(Map.Entry<String, String> setting) {
    return setting.getKey() + " " + literal(setting.getValue());
  }
}
