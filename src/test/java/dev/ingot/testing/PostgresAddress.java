package dev.ingot.testing;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * A PostgreSQL server, and a superuser of it.
 *
 * @param database one that the superuser may connect to
 */
public record PostgresAddress(
    String host, int port, String user, String password, String database) {

  /**
   * @param url {@code postgres://user:password@host:port/database}
   */
  static PostgresAddress parse(String url) {
    URI uri = URI.create(url);
    String[] user = String.valueOf(uri.getUserInfo()).split(":", 2);
    return new PostgresAddress(
        uri.getHost(),
        uri.getPort() == -1 ? 5432 : uri.getPort(),
        user[0],
        user.length > 1 ? user[1] : "",
        uri.getPath().substring(1));
  }

  /** A connection of the superuser. */
  public Connection connect(String to) throws SQLException {
    return connect(to, user, password);
  }

  Connection connect(String to, String as, String secret) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(host, port, to), as, secret);
  }

  /** Makes a database of a name that is new, and a role that owns it and can do nothing else. */
  TestDatabase create() {
    String id = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    var made = new TestDatabase(this, "ingot_" + id, "user_" + id, "secret_" + id);
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE ROLE %s LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '%s'"
              .formatted(made.user(), made.password()));
      // template1 can't be copied while anybody is connected to it.
      statement.execute(
          "CREATE DATABASE %s OWNER %s TEMPLATE template0".formatted(made.name(), made.user()));
      return made;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
