package dev.ingot.engine.duckdb;

import static dev.ingot.engine.duckdb.DuckDbSql.literal;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The Parquet files of a package, in the folder that all servers of its project reach. */
final class ParquetFiles {

  private static final String MARK = "ingot";
  private static final String TYPES = "ingot_types";

  private final DuckDbDatabase database;
  private final SharedFolder folder;

  ParquetFiles(DuckDbDatabase database, SharedFolder folder) {
    this.database = database;
    this.folder = folder;
  }

  SharedFolder folder() {
    return folder;
  }

  /**
   * The file of a generation, as DuckDB names it. What no file system and no bucket minds; the
   * generation's suffix keeps it apart from others.
   */
  String path(TableName table) {
    String name = (table.schema() + "." + table.name()).replaceAll("[^A-Za-z0-9_.-]", "_");
    return folder.path() + name + ".parquet";
  }

  /** All there are, as {@link #path} names them. */
  Set<String> list() {
    return files("SELECT file FROM glob(" + literal(folder.path() + "*.parquet") + ")");
  }

  boolean exists(String file) {
    return !files(DuckDbSql.lookFor(file)).isEmpty();
  }

  private Set<String> files(String sql) {
    return database.look((connection, statement) -> {
      var files = new HashSet<String>();
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          files.add(rows.getString(1));
        }
      }
      return files;
    });
  }

  /**
   * What a file says about itself.
   *
   * @param mark whose it is
   */
  record Header(String mark, TableShape shape) {}

  /**
   * Empty when there is no such file, or it isn't one that Ingot wrote to its end.
   *
   * @throws EngineException when that can't be said
   */
  Optional<Header> header(String file) {
    try {
      return database.look((connection, statement) -> header(statement, file));
    } catch (EngineException e) {
      if (DuckDbErrors.noFile(e) || DuckDbErrors.notParquet(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Optional<Header> header(Statement statement, String file) throws SQLException {
    var said = new HashMap<String, String>();
    String sql =
        "SELECT decode(key), decode(value) FROM parquet_kv_metadata(" + literal(file) + ")";
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        said.put(rows.getString(1), rows.getString(2));
      }
    }
    return said.containsKey(MARK) && said.containsKey(TYPES)
        ? Optional.of(
            new Header(said.getOrDefault(MARK, ""), TableShape.read(said.getOrDefault(TYPES, ""))))
        : Optional.empty();
  }

  /**
   * False for the beginning of a file: a server that is killed leaves one in a folder, and DuckDB
   * itself one in a bucket when a build fails.
   */
  boolean isWhole(String file) {
    try {
      return database.look((connection, statement) -> {
        statement.execute("SELECT 1 FROM parquet_kv_metadata(" + literal(file) + ")");
        return true;
      });
    } catch (EngineException e) {
      if (DuckDbErrors.notParquet(e)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Writes the rows of a SELECT, in their order.
   *
   * @return the number of rows
   * @throws EngineException also when there is such a file already
   */
  long write(
      TableName table, String select, String mark, TableShape shape, Cancellation cancellation) {
    String file = path(table);
    if (exists(file) && isWhole(file)) {
      throw new EngineException(
          "A file %s already exists".formatted(file), new IllegalStateException(file));
    }
    folder.create();
    String copy =
        "COPY (SELECT %s FROM (%s\n) AS built(%s)) TO %s (FORMAT parquet, KV_METADATA {%s: %s, %s: %s})"
            .formatted(
                shape.stored(),
                select,
                shape.names(),
                literal(file),
                MARK,
                literal(mark),
                TYPES,
                literal(shape.text()));
    return database.useOnce((Connection connection, Statement statement) ->
        database
            .statements()
            .run(
                table.toString(),
                connection,
                cancellation,
                running -> {
                  long rows = running.execute(copy);
                  // A PIVOT may be several statements, and their count is lost.
                  return rows < 0 ? count(statement, file) : rows;
                }));
  }

  /** Of a file, as its place tells. */
  OptionalLong bytes(String file) {
    return database.look((connection, statement) -> {
      try (ResultSet row =
          statement.executeQuery(
              "SELECT file_size_bytes FROM parquet_file_metadata(" + literal(file) + ")")) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    });
  }

  private static long count(Statement statement, String file) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery("SELECT count(*) FROM read_parquet(" + literal(file) + ")")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
