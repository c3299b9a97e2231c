package dev.ingot.state.file;

import dev.ingot.engine.duckdb.DuckDbErrors;
import dev.ingot.engine.duckdb.DuckDbFile;
import dev.ingot.fault.StartupFailure;
import dev.ingot.project.Home;
import dev.ingot.project.SecretBox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * The state file before it is open for writing. What is wrong with it is found while nothing of it
 * has been touched, and keeps the server from starting.
 *
 * <ol>
 *   <li>A state that is missing, empty or without tables beside packages' databases was lost; a new
 *       one would orphan them.
 *   <li>Its log is whole; see {@link StateLog}.
 *   <li>It is opened for reading, which replays the log in memory, and every row is read, because
 *       DuckDB finds a damaged block when it reads it.
 *   <li>Its schema must not be newer than this Ingot.
 *   <li>Its secrets can be decrypted with the key that the server has.
 * </ol>
 */
final class StateFile {

  private static final String RESTORE =
      "Restore the home from a backup, or name another home with ingot.home; nothing was changed";

  private final Path file;
  private final boolean builtBefore;
  private final SecretBox secrets;

  StateFile(Home home, SecretBox secrets) {
    this.secrets = secrets;
    file = home.stateFile();
    builtBefore = home.hasDatabases();
  }

  /**
   * @param newest the newest schema version that this Ingot knows
   * @throws StartupFailure naming the file and what to do
   */
  void check(int newest) {
    try {
      if (!Files.exists(file)) {
        if (logs().stream().anyMatch(Files::exists) || builtBefore) {
          throw new StartupFailure(
              "The state file %s is missing, but the home has been in use".formatted(file),
              RESTORE);
        }
        return;
      }
      for (Path log : logs()) {
        checkLog(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The state file %s can't be read".formatted(file), e);
    }
    var readOnly = new Properties();
    readOnly.setProperty(DuckDBDriver.DUCKDB_READONLY_PROPERTY, "true");
    try (Connection connection = DriverManager.getConnection(url(), readOnly);
        Statement statement = connection.createStatement()) {
      List<String> tables = tables(statement);
      if (tables.isEmpty() && builtBefore) {
        throw new StartupFailure(
            "The state file %s is empty, but the home has been in use".formatted(file), RESTORE);
      }
      for (String table : tables) {
        statement.executeQuery("SELECT bit_xor(hash(t)) FROM " + table + " t").close();
      }
      if (!tables.isEmpty()) {
        checkSchema(statement, tables, newest);
        checkSecrets(statement, "projects", "name", "storage");
        checkSecrets(statement, "connections", "project", "settings");
      }
    } catch (SQLException e) {
      throw refusal(e);
    }
  }

  /** The last two are there while a checkpoint is under way, and after a kill in it. */
  private List<Path> logs() {
    return Stream.of(".wal", ".wal.checkpoint", ".wal.recovery")
        .map(suffix -> file.resolveSibling(file.getFileName() + suffix))
        .toList();
  }

  private static void checkLog(Path log) throws IOException {
    StateLog.problem(log)
        .ifPresent(problem -> {
          throw new StartupFailure(
              "%s, the log of the state file, is damaged: %s".formatted(log, problem), RESTORE);
        });
  }

  private static List<String> tables(Statement statement) throws SQLException {
    String sql =
        """
        SELECT format('"{}"."{}"', schema_name, table_name) FROM duckdb_tables()
        WHERE database_name = current_database()
        """;
    var tables = new ArrayList<String>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  /**
   * @param owner the column of whose the secrets are
   */
  private void checkSecrets(Statement statement, String table, String owner, String sealed)
      throws SQLException {
    String column =
        """
        SELECT count(*) FROM duckdb_columns()
        WHERE database_name = current_database() AND table_name = '%s' AND column_name = '%s'
        """
            .formatted(table, sealed);
    try (ResultSet found = statement.executeQuery(column)) {
      found.next();
      if (found.getInt(1) == 0) {
        return;
      }
    }
    String all =
        "SELECT %s, %s FROM %s WHERE %s IS NOT NULL".formatted(owner, sealed, table, sealed);
    try (ResultSet rows = statement.executeQuery(all)) {
      while (rows.next()) {
        var _ = secrets.open(rows.getString(sealed), rows.getString(owner));
      }
    }
  }

  private void checkSchema(Statement statement, List<String> tables, int newest)
      throws SQLException {
    if (!tables.contains("\"main\".\"schema_version\"")) {
      throw new StartupFailure(
          "%s is a DuckDB file, but not a state of Ingot's".formatted(file), RESTORE);
    }
    try (ResultSet rows = statement.executeQuery("SELECT max(version) FROM schema_version")) {
      rows.next();
      int found = rows.getInt(1);
      if (found > newest) {
        throw new StartupFailure(
            "The state file %s was written by a newer Ingot (schema %d, this one knows %d)"
                .formatted(file, found, newest),
            "Run that newer Ingot, or name another home with ingot.home");
      }
    }
  }

  /** Opens it for writing. */
  DuckDBConnection open() {
    try {
      Connection connection = DriverManager.getConnection(url());
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET GLOBAL threads=1");
        statement.execute("SET GLOBAL memory_limit='256MiB'");
        statement.execute("SET GLOBAL TimeZone='UTC'");
        statement.execute(DuckDbFile.NO_CHECKPOINTS);
      }
      return connection.unwrap(DuckDBConnection.class);
    } catch (SQLException e) {
      throw refusal(e);
    }
  }

  private String url() {
    return "jdbc:duckdb:" + file;
  }

  private StartupFailure refusal(SQLException e) {
    var holder = DuckDbErrors.holder(e);
    if (holder.isPresent()) {
      return new StartupFailure(
          "The state file %s is in use by another process (PID %d)".formatted(file, holder.get()),
          "One server works on a home at a time: end that one, or name another home with ingot.home",
          e);
    }
    if (DuckDbErrors.newerFormat(e)) {
      return new StartupFailure(
          "The state file %s was written by a newer DuckDB: %s"
              .formatted(file, DuckDbErrors.text(e)),
          "Run the newer Ingot that wrote it, or name another home with ingot.home",
          e);
    }
    if (DuckDbErrors.noSpace(e)) {
      return new StartupFailure(
          "The state file %s can't be opened, because its disk is full".formatted(file),
          "Free some space and start again",
          e);
    }
    return new StartupFailure(
        "The state file %s can't be opened: %s".formatted(file, DuckDbErrors.text(e)), RESTORE, e);
  }
}
