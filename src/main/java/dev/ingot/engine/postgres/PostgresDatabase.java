package dev.ingot.engine.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.PostgresSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database of one connection: work on it is done in transactions, each on a session. */
final class PostgresDatabase implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);

  /** A cancel is a connection of its own. */
  private static final Duration BETWEEN_CANCELS = Duration.ofMillis(100);

  /** After it, a session that takes no cancel is cut off. */
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(5);

  private static final String IDENTITY =
      """
      SELECT concat(c.system_identifier, '/', d.oid)
      FROM pg_catalog.pg_control_system() c, pg_catalog.pg_database d
      WHERE d.datname = current_database()
      """;

  private static final Duration FORGET = Duration.ofSeconds(1);

  private static final String WATCH_CLIENT = "SET LOCAL client_connection_check_interval = '500ms'";

  private final ConnectionKey key;
  private final Supplier<PostgresSettings> wanted;
  private final Function<PostgresSettings, HikariDataSource> opener;

  /** Guarded by this; null while nobody needs it. */
  private @Nullable Pool pool;

  private record Pool(PostgresSettings settings, HikariDataSource sessions) {}

  private volatile @Nullable Down down;
  private volatile @Nullable Identity identity;

  private record Identity(PostgresSettings settings, String text) {}

  /**
   * No session could be made.
   *
   * @param until by {@link System#nanoTime()}
   */
  private record Down(HikariDataSource sessions, long until, SQLException failure) {}

  /** What may fail in the database. */
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /**
   * @param wanted how it is reached now; a fault when the connection is gone
   * @param opener makes a pool, which connects when it is needed
   */
  PostgresDatabase(
      ConnectionKey key,
      Supplier<PostgresSettings> wanted,
      Function<PostgresSettings, HikariDataSource> opener) {
    this.key = key;
    this.wanted = wanted;
    this.opener = opener;
  }

  PostgresSettings settings() {
    return wanted.get();
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
      log.debug("Connection {} does not say which database it is: {}", key, e.detail());
      return "%s:%d/%s".formatted(now.host(), now.port(), now.database());
    }
  }

  private HikariDataSource sessions() {
    PostgresSettings now = settings();
    synchronized (this) {
      Pool known = pool;
      if (known != null && known.settings().equals(now)) {
        return known.sessions();
      }
      release();
      var opened = new Pool(now, opener.apply(now));
      pool = opened;
      return opened.sessions();
    }
  }

  /** Lets go of the sessions, which are of no use once the connection has changed. */
  synchronized void release() {
    Pool known = pool;
    pool = null;
    if (known != null) {
      // It waits for the sessions that are in use, and cuts them off in the end.
      Thread.ofVirtual().name("postgres-close").start(known.sessions()::close);
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
    try (Connection connection = session()) {
      connection.setReadOnly(readOnly);
      connection.setAutoCommit(false);
      try {
        T result = work.with(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        rollBack(connection);
        throw e;
      }
    } catch (SQLException e) {
      throw PostgresErrors.of("Connection '%s'".formatted(key.name()), e);
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

  /**
   * A session. After one couldn't be made, whoever comes next is told so at once for a while: a
   * plan asks many times, and each would wait to the end.
   */
  private Connection session() throws SQLException {
    HikariDataSource sessions = sessions();
    Down known = down;
    if (known != null && known.sessions().equals(sessions) && System.nanoTime() < known.until()) {
      throw new SQLTransientConnectionException(known.failure());
    }
    try {
      return sessions.getConnection();
    } catch (SQLTransientConnectionException e) {
      // Without a cause there is a database, and all of its sessions are in use.
      if (e.getCause() != null) {
        down = new Down(sessions, System.nanoTime() + FORGET.toNanos(), e);
      }
      throw e;
    }
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
  public synchronized void close() {
    if (pool != null) {
      pool.sessions().close();
      pool = null;
    }
  }
}
