package dev.ingot.engine.duckdb;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
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

  private final DuckDBConnection root;

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

  /** A connection of its own for one thread; the caller closes it. */
  Connection connect() throws SQLException {
    return root.duplicate();
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  @Override
  public void close() {
    try {
      root.close();
    } catch (SQLException e) {
      log.warn("A package's database did not close cleanly", e);
    }
  }
}
