package dev.ingot.state.store;

import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.PostgresSettings;
import dev.ingot.project.ProjectConnection;
import dev.ingot.project.ProjectName;
import dev.ingot.project.SecretBox;
import dev.ingot.state.Columns;
import dev.ingot.state.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The rows of {@code connections}: those of the projects that are registered on this server. */
final class ConnectionRows {

  private static final String POSTGRES = "postgres";
  private static final String DUCKDB = "duckdb";

  /** Of their settings. */
  private final SecretBox secrets;

  ConnectionRows(SecretBox secrets) {
    this.secrets = secrets;
  }

  List<ProjectConnection> of(Session session, ProjectName project) {
    return session
        .sql("SELECT * FROM connections WHERE project = ? ORDER BY name")
        .param(project.value())
        .query(this::connection)
        .list();
  }

  private ProjectConnection connection(ResultSet row, int number) throws SQLException {
    ConnectionKey key = key(row, number);
    String settings = secrets.open(row.getString("settings"), key.project().value());
    return new ProjectConnection(
        key,
        Columns.value(settings, classOf(row.getString("type"))),
        Columns.instant(row, "created_at"));
  }

  private static Class<? extends ConnectionSettings> classOf(String type) {
    return switch (type) {
      case POSTGRES -> PostgresSettings.class;
      case DUCKDB -> DuckDbGrants.class;
      default -> throw new IllegalStateException("no connections have the type " + type);
    };
  }

  private static String type(ProjectConnection connection) {
    return switch (connection.settings()) {
      case PostgresSettings postgres -> POSTGRES;
      case DuckDbGrants grants -> DUCKDB;
    };
  }

  private static ConnectionKey key(ResultSet row, int number) throws SQLException {
    return new ConnectionKey(new ProjectName(row.getString("project")), row.getString("name"));
  }

  private String sealed(ProjectConnection connection) {
    return secrets.seal(Columns.json(connection.settings()), connection.key().project().value());
  }

  /** False when there is one of that name. */
  boolean insert(Session session, ProjectConnection connection) {
    String sql =
        """
        INSERT INTO connections (project, name, type, settings, created_at, revision)
        VALUES (?, ?, ?, ?, ?, CAST(uuid() AS varchar)) ON CONFLICT DO NOTHING
        """;
    return session
            .sql(sql)
            .param(connection.key().project().value())
            .param(connection.key().name())
            .param(type(connection))
            .param(sealed(connection))
            .param(Columns.time(connection.createdAt()))
            .update()
        == 1;
  }

  /** False when there is none. */
  boolean update(Session session, ProjectConnection connection) {
    String sql =
        """
        UPDATE connections SET settings = ?, revision = CAST(uuid() AS varchar)
        WHERE project = ? AND name = ?
        """;
    return session
            .sql(sql)
            .param(sealed(connection))
            .param(connection.key().project().value())
            .param(connection.key().name())
            .update()
        == 1;
  }

  /** False when there is none. */
  static boolean remove(Session session, ConnectionKey key) {
    return session
            .sql("DELETE FROM connections WHERE project = ? AND name = ?")
            .param(key.project().value())
            .param(key.name())
            .update()
        == 1;
  }

  /** Those that it removed. */
  static List<ConnectionKey> removeAll(Session session, ProjectName project) {
    return session
        .sql("DELETE FROM connections WHERE project = ? RETURNING project, name")
        .param(project.value())
        .query(ConnectionRows::key)
        .list();
  }
}
