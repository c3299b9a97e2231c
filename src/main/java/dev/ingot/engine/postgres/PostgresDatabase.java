package dev.ingot.engine.postgres;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.TableName;
import dev.ingot.project.PostgresSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database of one connection: work on it is done in transactions, each on a session.
 *
 * <p>Each begins with the settings that Ingot counts on, because roles and databases have their own
 * and a model's SQL may set others. What only reads is rolled back in the end: so it leaves none of
 * its settings to the next.
 */
final class PostgresDatabase implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);

  /** A cancel is a connection of its own. */
  private static final Duration BETWEEN_CANCELS = Duration.ofMillis(100);

  /** After it, a session that takes no cancel is cut off. */
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(5);

  private static final String WATCH_CLIENT = "SET LOCAL client_connection_check_interval = '500ms'";

  /** Malloy's SQL is written for UTC, and literals are told from what follows them. */
  private static final String BEGIN =
      "SET LOCAL standard_conforming_strings = on; SET LOCAL TimeZone = 'UTC'; SET LOCAL search_path TO ";

  private static final String IDENTITY =
      """
      SELECT concat(c.system_identifier, '/', d.oid)
      FROM pg_catalog.pg_control_system() c, pg_catalog.pg_database d
      WHERE d.datname = current_database()
      """;

  private final PostgresSessions sessions;
  private volatile @Nullable Identity identity;

  private record Identity(PostgresSettings settings, String text) {}

  /** What may fail in the database. */
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  PostgresDatabase(PostgresSessions sessions) {
    this.sessions = sessions;
  }

  PostgresSettings settings() {
    return sessions.settings();
  }

  PostgresSessions sessions() {
    return sessions;
  }

  /**
   * What the database itself says that it is, since one server has many names; as it is named where
   * it doesn't say, or doesn't answer.
   */
  String identity() {
    PostgresSettings now = settings();
    Identity known = identity;
    if (known != null && known.settings().equals(now)) {
      return known.text();
    }
    try {
      String text =
          read(connection -> {
            try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(IDENTITY)) {
              row.next();
              return row.getString(1);
            }
          });
      identity = new Identity(now, text);
      return text;
    } catch (EngineException e) {
      log.debug("Connection {} does not say which database it is: {}", sessions.key(), e.detail());
      return "%s:%d/%s".formatted(now.host(), now.port(), now.database());
    }
  }

  /** In a transaction that can change nothing. */
  <T> T read(Work<T> work) {
    return transact(true, work);
  }

  /** In a transaction that commits when the work returns. */
  <T> T transact(Work<T> work) {
    return transact(false, work);
  }

  private <T> T transact(boolean readOnly, Work<T> work) {
    try (Connection connection = sessions.open()) {
      connection.setReadOnly(readOnly);
      connection.setAutoCommit(false);
      try {
        begin(connection);
        T result = work.with(connection);
        if (readOnly) {
          connection.rollback();
        } else {
          connection.commit();
        }
        return result;
      } catch (SQLException | RuntimeException e) {
        rollBack(connection);
        throw e;
      }
    } catch (SQLException e) {
      throw PostgresErrors.of("Connection '%s'".formatted(sessions.key().name()), e);
    }
  }

  private void begin(Connection connection) throws SQLException {
    String schema = settings().schema();
    try (Statement statement = connection.createStatement()) {
      // As a model's own SQL may name tables without their schema.
      statement.execute(
          BEGIN + (schema == null ? "DEFAULT" : TableName.quote(schema) + ", public"));
    }
  }

  /**
   * Builds a table. The session ends what it builds when its client is gone, where the server's
   * system lets it see that; else the statement of a worker that died would go on and commit.
   */
  <T> T transactWatched(Work<T> work) {
    return transact(connection -> {
      Savepoint before = connection.setSavepoint();
      try (Statement statement = connection.createStatement()) {
        statement.execute(WATCH_CLIENT);
      } catch (SQLException e) {
        log.debug("Sessions don't see that their client is gone: {}", e.getMessage());
        connection.rollback(before);
      }
      return work.with(connection);
    });
  }

  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      log.debug("A session was lost before its transaction was rolled back", e);
    }
  }

  /**
   * Runs a statement that can be cancelled.
   *
   * @throws Cancellation.CancelledException when it was
   */
  static <T> T cancellable(Connection connection, Cancellation cancellation, Work<T> work)
      throws SQLException {
    return cancellation.run(
        new SessionCanceller(connection, connection.unwrap(PGConnection.class)),
        () -> work.with(connection));
  }

  /** A statement of SQL as it is written: without JDBC's own syntax and parameters. */
  static Statement plain(Connection connection) throws SQLException {
    Statement statement = connection.createStatement();
    statement.setEscapeProcessing(false);
    return statement;
  }

  /** Cancels what a session runs; one that doesn't listen loses its connection. */
  private static final class SessionCanceller implements Cancellation.Canceller {
    private final Connection connection;
    private final PGConnection session;
    private long first;
    private long last;
    private int times;

    SessionCanceller(Connection connection, PGConnection session) {
      this.connection = connection;
      this.session = session;
    }

    @Override
    public void cancel() throws SQLException {
      long now = System.nanoTime();
      if (times == 0) {
        first = now;
      } else if (now - first > CANCEL_PATIENCE.toNanos()) {
        connection.abort(Runnable::run);
        return;
      } else if (now - last < BETWEEN_CANCELS.toNanos()) {
        return;
      }
      times++;
      last = now;
      session.cancelQuery();
    }
  }

  @Override
  public void close() {
    sessions.close();
  }
}
