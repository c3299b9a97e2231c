package dev.ingot.engine.duckdb;

import static dev.ingot.engine.duckdb.DuckDbSql.literal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/**
 * What SQL in a package's database may reach: the package's folder, in a shared project also the
 * folder of its tables, what the project was granted elsewhere, and nothing else.
 *
 * @param readable the package's folder
 * @param spill where queries write what doesn't fit into memory
 * @param shared null when the tables lie in the database itself
 */
record Hardening(
    Path readable,
    Path spill,
    DuckDbSettings settings,
    @Nullable SharedFolder shared,
    Grants grants) {

  /** Whether anything that isn't on this machine can be read. */
  boolean reachesOut() {
    return !grants.isEmpty() || (shared != null && shared.data().isRemote());
  }

  /** Opens a database's file, and lets nothing of it be used before it is hardened. */
  DuckDBConnection open(Path file) throws SQLException {
    var properties = new Properties();
    // Set on the first connection: duplicates inherit it, and one opened beside it must agree.
    properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file, properties);
    try {
      apply(connection);
      return connection.unwrap(DuckDBConnection.class);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** In this order: what is locked last can't be set later. */
  private void apply(Connection connection) throws SQLException {
    if (shared != null) {
      shared.prepare(connection);
    }
    grants.prepare(connection, shared == null ? Set.of() : shared.destinations());
    List<String> statements =
        List.of(
            "SET GLOBAL TimeZone='UTC'",
            DuckDbFile.NO_CHECKPOINTS,
            "SET GLOBAL threads=" + settings.actualThreads(),
            "SET GLOBAL memory_limit='" + settings.memoryLimit().toMegabytes() + "MiB'",
            "SET GLOBAL temp_directory=" + literal(spill.toString()),
            "SET GLOBAL allowed_directories=[" + directories() + "]",
            "SET GLOBAL enable_external_access=false",
            "SET GLOBAL autoload_known_extensions=false",
            "SET GLOBAL autoinstall_known_extensions=false",
            "SET GLOBAL allow_community_extensions=false",
            // Of each connection, and nothing that a SELECT could set.
            "SET GLOBAL allowed_configs=['enable_progress_bar','enable_progress_bar_print']",
            "SET GLOBAL lock_configuration=true");
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private String directories() {
    return Stream.concat(
            Stream.of(readable + "/", shared == null ? "" : shared.path()),
            grants.directories().stream())
        .filter(directory -> !directory.isEmpty())
        .map(directory -> literal(directory))
        .collect(Collectors.joining(", "));
  }
}
