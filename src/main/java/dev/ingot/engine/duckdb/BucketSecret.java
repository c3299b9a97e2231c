package dev.ingot.engine.duckdb;

import static dev.ingot.engine.duckdb.DuckDbSql.literal;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.DataPath;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells DuckDB how a bucket is reached. It is kept in memory, for this one folder. */
public final class BucketSecret {

  /** What Amazon's clients sign with where nobody named one; an empty one fails on some servers. */
  private static final String DEFAULT_REGION = "us-east-1";

  private BucketSecret() {}

  /**
   * Needs the extension httpfs.
   *
   * @throws Fault INVALID_STORAGE
   */
  public static void create(Connection connection, DataPath data, BucketAccess access) {
    try (Statement statement = connection.createStatement()) {
      // Otherwise the folder of those that are kept in files is looked for, and fails once locked.
      statement.execute("SET GLOBAL allow_persistent_secrets=false");
      statement.execute(sql(data, access));
    } catch (SQLException e) {
      // Its message may repeat the statement, so it is no cause either.
      throw new Fault(
          FaultCode.INVALID_STORAGE,
          "DuckDB refuses the access to %s: check its endpoint and region".formatted(data));
    }
  }

  private static String sql(DataPath data, BucketAccess access) {
    var texts = new LinkedHashMap<String, String>();
    texts.put("KEY_ID", access.accessKeyId());
    texts.put("SECRET", access.secretAccessKey());
    if (access.sessionToken() != null) {
      texts.put("SESSION_TOKEN", access.sessionToken());
    }
    texts.put("REGION", access.region().isEmpty() ? DEFAULT_REGION : access.region());
    if (access.endpoint() != null) {
      texts.put("ENDPOINT", access.endpoint());
    }
    texts.put("URL_STYLE", access.pathStyle() ? "path" : "vhost");
    // With the slash: s3://bucket/lake must not serve for s3://bucket/lakeside.
    texts.put("SCOPE", data.root() + "/");
    return "CREATE SECRET ingot_data (TYPE %s, %s, USE_SSL %s)"
        .formatted(
            data.scheme().equals("gs") ? "gcs" : "s3",
            texts.entrySet().stream().map(BucketSecret::text).collect(Collectors.joining(", ")),
            access.useSsl());
  }

  private static String text(Map.Entry<String, String> setting) {
    return setting.getKey() + " " + literal(setting.getValue());
  }
}
