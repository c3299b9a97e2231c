package dev.ingot.testing;

import java.sql.Connection;
import java.sql.SQLException;

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
}
