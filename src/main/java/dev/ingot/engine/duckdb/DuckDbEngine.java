package dev.ingot.engine.duckdb;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine;
import dev.ingot.engine.EngineColumn;
import dev.ingot.engine.GenerationNames;
import dev.ingot.engine.SingleSelect;
import dev.ingot.engine.TableName;
import dev.ingot.project.PackageFolder;
import java.nio.file.Path;
import java.sql.ResultSet;
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
      return describe("SELECT * FROM " + ForbiddenCalls.check(tablePath));
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
    ForbiddenCalls.check(select);
    SingleSelect.literals(select).forEach(dataFiles::require);
    return describe("SELECT * FROM (" + select + "\n)");
  }

  private List<EngineColumn> describe(String select) {
    return database.use((connection, statement) -> {
      var columns = new ArrayList<EngineColumn>();
      try (ResultSet rows = statement.executeQuery("DESCRIBE " + select)) {
        while (rows.next()) {
          columns.add(
              new EngineColumn(rows.getString("column_name"), rows.getString("column_type")));
        }
      }
      return columns;
    });
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
    ForbiddenCalls.check(select);
    createSchema(table.schema());
    return database.transact((connection, statement) ->
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
            }));
  }

  private void createSchema(String schema) {
    if (schema.equals(DEFAULT_SCHEMA)) {
      return;
    }
    definitions.lock();
    try {
      database.use((connection, statement) ->
          statement.execute("CREATE SCHEMA IF NOT EXISTS " + TableName.quote(schema)));
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
    Set<TableName> there =
        database.use((connection, statement) -> {
          var all = new HashSet<TableName>();
          try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
              all.add(new TableName(rows.getString(1), rows.getString(2)).folded());
            }
          }
          return all;
        });
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
    views.keySet().forEach(view -> createSchema(view.schema()));
    definitions.lock();
    try {
      database.transact((connection, statement) -> {
        for (TableName view : removed) {
          statement.execute("DROP VIEW IF EXISTS " + view.sql());
        }
        for (Map.Entry<TableName, TableName> view : views.entrySet()) {
          statement.execute(
              "CREATE OR REPLACE VIEW %s AS FROM %s"
                  .formatted(view.getKey().sql(), view.getValue().sql()));
        }
        return true;
      });
    } finally {
      definitions.unlock();
    }
  }

  @Override
  public void drop(TableName table) {
    database.use(
        (connection, statement) -> statement.execute("DROP TABLE IF EXISTS " + table.sql()));
  }

  @Override
  public <T> T query(String select, Cancellation cancellation, RowReader<T> reader) {
    ForbiddenCalls.check(select);
    return database.use((connection, statement) ->
        cancellation.run(
            statement,
            () -> {
              try (ResultSet rows = statement.executeQuery(select)) {
                return reader.read(rows);
              }
            }));
  }

  @Override
  public void close() {
    database.close();
  }
}
