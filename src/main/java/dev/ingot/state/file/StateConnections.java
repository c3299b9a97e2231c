package dev.ingot.state.file;

import dev.ingot.threads.PlatformCalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * A connection for each borrower, all on the one open database. DuckDB gives up an open database
 * only when the last connection to it is closed, so what opens it again waits for the borrowers.
 */
final class StateConnections extends AbstractDataSource implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StateConnections.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final StateFile file;

  /** Held for reading by who has borrowed, for writing by who opens again. */
  private final ReentrantReadWriteLock borrowed = new ReentrantReadWriteLock(true);

  private DuckDBConnection root;

  StateConnections(StateFile file) {
    this.file = file;
    root = file.open();
  }

  @Override
  public Connection getConnection() throws SQLException {
    PlatformCalls.requirePlatformThread();
    borrowed.readLock().lock();
    try {
      return returning(root.duplicate());
    } catch (SQLException e) {
      borrowed.readLock().unlock();
      throw e;
    }
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return getConnection();
  }

  /** Who borrows a connection closes it on the same thread, as Spring does. */
  private Connection returning(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              boolean last = method.getName().equals("close") && !connection.isClosed();
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              } finally {
                if (last) {
                  borrowed.readLock().unlock();
                }
              }
            });
  }

  /** Closes the database and opens it again. Not by one who has borrowed. */
  void reopen() {
    try {
      if (!borrowed.writeLock().tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        log.error("The state file can't be opened again: somebody reads it for too long");
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      close();
      root = file.open();
      log.warn("The state file was closed and opened again");
    } finally {
      borrowed.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    try {
      root.close();
    } catch (SQLException e) {
      log.warn("The state file did not close cleanly", e);
    }
  }
}
