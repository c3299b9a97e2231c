package dev.ingot.engine.duckdb;

import dev.ingot.engine.DuckDbErrors;
import dev.ingot.engine.Engine.ClosedException;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open, hardened DuckDB file. SQL in it reads the package's folder and nothing else of the
 * machine, and can't load extensions or undo these settings.
 */
final class DuckDbDatabase implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DuckDbDatabase.class);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final DuckDBConnection root;

  /** Held for reading by whatever runs on the database, for writing by what closes it. */
  private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock(true);

  private boolean closed;

  private DuckDbDatabase(DuckDBConnection root) {
    this.root = root;
  }

  static DuckDbDatabase open(Path file, Path readable, Path spill, DuckDbSettings settings) {
    var properties = new Properties();
    // Set on the first connection: duplicates inherit it, and one opened beside it must agree.
    properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    try {
      Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file, properties);
      var database = new DuckDbDatabase(connection.unwrap(DuckDBConnection.class));
      database.harden(readable, spill, settings);
      return database;
    } catch (SQLException e) {
      throw new Fault(
          FaultCode.CONNECTION_FAILED,
          "The package's database can't be opened: " + e.getMessage(),
          e);
    }
  }

  /** In this order: what is locked last can't be set later. */
  private void harden(Path readable, Path spill, DuckDbSettings settings) throws SQLException {
    List<String> statements =
        List.of(
            "SET GLOBAL TimeZone='UTC'",
            "SET GLOBAL threads=" + settings.actualThreads(),
            "SET GLOBAL memory_limit='" + settings.memoryLimit().toMegabytes() + "MiB'",
            "SET GLOBAL temp_directory=" + literal(spill.toString()),
            "SET GLOBAL allowed_directories=[" + literal(readable + "/") + "]",
            "SET GLOBAL enable_external_access=false",
            "SET GLOBAL autoload_known_extensions=false",
            "SET GLOBAL autoinstall_known_extensions=false",
            "SET GLOBAL allow_community_extensions=false",
            "SET GLOBAL lock_configuration=true");
    try (Statement statement = root.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      close();
      throw e;
    }
  }

  /** Work on a connection of its own. A statement that failed is closed and can't go on. */
  interface Work<T> {
    T on(Connection connection, Statement statement) throws SQLException;
  }

  /**
   * @throws EngineException with what DuckDB says
   * @throws ClosedException when the database was closed meanwhile
   */
  <T> T use(Work<T> work) {
    inUse.readLock().lock();
    try {
      if (closed) {
        throw new ClosedException("the package's database was closed");
      }
      try (Connection connection = root.duplicate();
          Statement statement = connection.createStatement()) {
        return work.on(connection, statement);
      }
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      inUse.readLock().unlock();
    }
  }

  /** As {@link #use}, in one transaction: what it throws rolls it back. */
  <T> T transact(Work<T> work) {
    return use((connection, statement) -> {
      connection.setAutoCommit(false);
      try {
        T result = work.on(connection, statement);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        rollback(connection, e);
        throw e;
      }
    });
  }

  private static void rollback(Connection connection, Exception first) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      first.addSuppressed(e);
    }
  }

  private static EngineException failed(SQLException e) {
    return new EngineException(DuckDbErrors.text(e), e);
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /**
   * Waits for what runs on it, then closes.
   *
   * @throws Fault PACKAGE_BUSY when something still runs after {@link #PATIENCE}; it stays open
   *     then
   */
  @Override
  public void close() {
    try {
      if (!inUse.writeLock().tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Fault(
            FaultCode.PACKAGE_BUSY,
            "Queries of the package are still running after %d s; try again when they have ended"
                .formatted(PATIENCE.toSeconds()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(FaultCode.CANCELLED, "Interrupted while a database was closed", e);
    }
    try {
      closed = true;
      root.close();
    } catch (SQLException e) {
      log.warn("A package's database did not close cleanly", e);
    } finally {
      inUse.writeLock().unlock();
    }
  }
}
