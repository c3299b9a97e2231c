package dev.ingot.engine.duckdb;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine;
import dev.ingot.engine.EngineColumn;
import dev.ingot.engine.GenerationNames;
import dev.ingot.engine.SingleSelect;
import dev.ingot.engine.TableName;
import dev.ingot.project.PackageFolder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** A package's own DuckDB file as an engine. */
final class DuckDbEngine implements Engine, AutoCloseable {

  private static final String DEFAULT_SCHEMA = "main";

  /** DuckDB has no limit; this keeps names readable and the same as on other engines. */
  private static final int NAME_BYTES = 63;

  /** The driver puts this before what DuckDB said of a statement whose rows are streamed. */
  private static final String STREAM_FAILED =
      "Invalid Input Error: Attempting to execute an unsuccessful or closed pending query result\nError: ";

  private static final Set<String> OWN_SCHEMAS = Set.of("information_schema", "pg_catalog");

  private final DuckDbDatabase database;
  private final Path folder;
  private final DataFileViews dataFiles;

  /** Changes of schemas and views conflict in DuckDB when they overlap. */
  private final ReentrantLock definitions = new ReentrantLock();

  DuckDbEngine(DuckDbDatabase database, Path folder) {
    this.database = database;
    this.folder = folder;
    dataFiles = new DataFileViews(database, folder);
  }

  Path folder() {
    return folder;
  }

  DataFileViews dataFiles() {
    return dataFiles;
  }

  @Override
  public TableName resolve(List<String> segments) {
    return switch (segments.size()) {
      case 1 -> new TableName(DEFAULT_SCHEMA, segments.getFirst());
      case 2 -> new TableName(segments.getFirst(), segments.getLast());
      default ->
          throw new EngineException(
              "a table on duckdb has a name and at most a schema, not "
                  + String.join(".", segments),
              new IllegalArgumentException(segments.toString()));
    };
  }

  @Override
  public Optional<String> objection(TableName declared) {
    if (OWN_SCHEMAS.contains(declared.folded().schema())) {
      return Optional.of("the schema %s is DuckDB's own".formatted(declared.schema()));
    }
    boolean file =
        declared.name().contains("/")
            || PackageFolder.isDataFile(declared.name())
            || (!declared.schema().equals(DEFAULT_SCHEMA)
                && PackageFolder.isDataFile(declared.schema() + "." + declared.name()));
    return file
        ? Optional.of("it reads as a file's path, which DuckDB would open instead of the table")
        : Optional.empty();
  }

  @Override
  public TableName generationName(TableName declared, String suffix) {
    return new TableName(
        declared.schema(),
        GenerationNames.shorten(declared.name(), NAME_BYTES - suffix.length() - 2) + "__" + suffix);
  }

  @Override
  public List<EngineColumn> describeTable(String tablePath) {
    String name = unquoted(tablePath);
    dataFiles.require(name);
    try {
      return describe("SELECT * FROM " + SingleSelect.require(tablePath));
    } catch (EngineException e) {
      if (!PackageFolder.isDataFile(name) || dataFiles.has(name)) {
        throw e;
      }
      throw new EngineException(
          "The package has no readable data file '%s'; name it relative to the package's folder, like 'data/orders.csv' (%s)"
              .formatted(name, e.detail()),
          e);
    }
  }

  @Override
  public List<EngineColumn> describeSelect(String select) {
    SingleSelect.literals(select).forEach(dataFiles::require);
    return describe("SELECT * FROM (" + select + "\n)");
  }

  private List<EngineColumn> describe(String select) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE " + select)) {
      var columns = new ArrayList<EngineColumn>();
      while (rows.next()) {
        columns.add(new EngineColumn(rows.getString("column_name"), rows.getString("column_type")));
      }
      return columns;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static String unquoted(String path) {
    boolean quoted =
        path.length() > 1
            && (path.charAt(0) == '"' || path.charAt(0) == '\'')
            && path.charAt(path.length() - 1) == path.charAt(0);
    return quoted ? path.substring(1, path.length() - 1) : path;
  }

  @Override
  public long build(TableName table, String select, String mark, Cancellation cancellation) {
    SingleSelect.require(select);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      createSchema(statement, table.schema());
      connection.setAutoCommit(false);
      try {
        long rows =
            cancellation.run(
                statement,
                () -> {
                  statement.execute("CREATE TABLE " + table.sql() + " AS " + select);
                  statement.execute(
                      "COMMENT ON TABLE " + table.sql() + " IS " + DuckDbDatabase.literal(mark));
                  try (ResultSet count =
                      statement.executeQuery("SELECT count(*) FROM " + table.sql())) {
                    count.next();
                    return count.getLong(1);
                  }
                });
        connection.commit();
        return rows;
      } catch (SQLException | RuntimeException e) {
        rollback(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static void rollback(Connection connection, Exception first) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      first.addSuppressed(e);
    }
  }

  private void createSchema(Statement statement, String schema) throws SQLException {
    if (schema.equals(DEFAULT_SCHEMA)) {
      return;
    }
    definitions.lock();
    try {
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + TableName.quote(schema));
    } finally {
      definitions.unlock();
    }
  }

  @Override
  public Set<TableName> existing(Collection<TableName> names) {
    String sql =
        """
        SELECT schema_name, table_name FROM duckdb_tables()
        WHERE database_name = current_database()
        UNION ALL
        SELECT schema_name, view_name FROM duckdb_views()
        WHERE database_name = current_database()
        """;
    var there = new HashSet<TableName>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        there.add(new TableName(rows.getString(1), rows.getString(2)).folded());
      }
    } catch (SQLException e) {
      throw failed(e);
    }
    var found = new HashSet<TableName>();
    for (TableName name : names) {
      if (there.contains(name.folded())) {
        found.add(name);
      }
    }
    return found;
  }

  @Override
  public void publishViews(Map<TableName, TableName> views, Collection<TableName> removed) {
    definitions.lock();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (TableName view : views.keySet()) {
        createSchema(statement, view.schema());
      }
      connection.setAutoCommit(false);
      try {
        for (TableName view : removed) {
          statement.execute("DROP VIEW IF EXISTS " + view.sql());
        }
        for (Map.Entry<TableName, TableName> view : views.entrySet()) {
          statement.execute(
              "CREATE OR REPLACE VIEW %s AS FROM %s"
                  .formatted(view.getKey().sql(), view.getValue().sql()));
        }
        connection.commit();
      } catch (SQLException e) {
        rollback(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      definitions.unlock();
    }
  }

  @Override
  public void drop(TableName table) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS " + table.sql());
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public <T> T query(String select, Cancellation cancellation, RowReader<T> reader) {
    SingleSelect.require(select);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      return cancellation.run(
          statement,
          () -> {
            try (ResultSet rows = statement.executeQuery(select)) {
              return reader.read(rows);
            }
          });
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  static EngineException failed(SQLException e) {
    String message = String.valueOf(e.getMessage());
    return new EngineException(
        message.startsWith(STREAM_FAILED) ? message.substring(STREAM_FAILED.length()) : message, e);
  }

  @Override
  public void close() {
    database.close();
  }
}
