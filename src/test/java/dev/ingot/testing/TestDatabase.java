package dev.ingot.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL database of one test, owned by a role that isn't a superuser. */
public record TestDatabase(PostgresAddress server, String name, String user, String password) {

  /** For {@code catalogUrl}. */
  public String url() {
    return url(host(), port());
  }

  /** The same database, reached by another way. */
  public String url(String host, int port) {
    return "postgres://%s:%s@%s:%d/%s".formatted(user, password, host, port, name);
  }

  /** With a superuser's role, which Ingot warns about. */
  public String superuserUrl() {
    return "postgres://%s:%s@%s:%d/%s"
        .formatted(server.user(), server.password(), host(), port(), name);
  }

  public String host() {
    return server.host();
  }

  public int port() {
    return server.port();
  }

  /** A connection of its owner. */
  public Connection connect() throws SQLException {
    return server.connect(name, user, password);
  }

  /** A superuser's connection to it. */
  public Connection connectAsSuperuser() throws SQLException {
    return server.connect(name);
  }

  /** The body that makes it a connection of this name. */
  public String connection(String name) {
    return """
    {"name":"%s","type":"postgres","postgresConnection":{"host":"%s","port":%d,
     "databaseName":"%s","userName":"%s","password":"%s"}}
    """
        .formatted(name, host(), port(), this.name, user, password);
  }

  /** Does something as its owner. */
  public void execute(String sql) {
    try (Connection connection = connect()) {
      execute(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Does something in it as a superuser. */
  public void asSuperuser(String sql) {
    try (Connection connection = connectAsSuperuser()) {
      execute(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of what a superuser sees. */
  public List<String> column(String sql) {
    try (Connection connection = connectAsSuperuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      var values = new ArrayList<String>();
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
