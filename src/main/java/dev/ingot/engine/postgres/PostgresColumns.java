package dev.ingot.engine.postgres;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.EngineColumn;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The columns of tables and SELECTs. Types are named as the standard's information schema names
 * them: domains by what they are made of, arrays by their elements and {@code []}, and {@code
 * USER-DEFINED} for what the database's user has defined.
 */
final class PostgresColumns {

  /** Of {@code asked(place, name, type)}, the types' names. */
  private static final String NAMED =
      """
      , step(place, name, type, arrays) AS (
        SELECT place, name, type, '' FROM asked
        UNION ALL
        SELECT s.place, s.name,
          CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.typelem END,
          CASE WHEN t.typtype = 'd' THEN s.arrays ELSE '[]' END
        FROM step s JOIN pg_catalog.pg_type t ON t.oid = s.type
        WHERE t.typtype = 'd' OR (t.typcategory = 'A' AND t.typelem <> 0))
      SELECT s.name,
        CASE WHEN t.typtype IN ('e', 'c', 'r', 'm', 'p') THEN 'USER-DEFINED'
          ELSE pg_catalog.format_type(t.oid, NULL) END || s.arrays AS type
      FROM step s JOIN pg_catalog.pg_type t ON t.oid = s.type
      WHERE NOT (t.typtype = 'd' OR (t.typcategory = 'A' AND t.typelem <> 0))
      ORDER BY s.place
      """;

  private static final String OF_TABLE =
      """
      WITH RECURSIVE asked(place, name, type) AS (
        SELECT attnum::int, attname::text, atttypid FROM pg_catalog.pg_attribute
        WHERE attrelid = pg_catalog.to_regclass(?) AND attnum > 0 AND NOT attisdropped)
      """
          + NAMED;

  private static final String OF_SELECT =
      """
      WITH RECURSIVE asked(place, name, type) AS (
        SELECT a.place::int, a.name, pg_catalog.to_regtype(a.type)::oid
        FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS a(name, type, place))
      """
          + NAMED;

  /** What the elements of an array are made of, when a domain stands before it. */
  private static final String ELEMENT =
      """
      WITH RECURSIVE element(type) AS (
        SELECT typelem FROM pg_catalog.pg_type WHERE oid = pg_catalog.to_regtype(?)
        UNION ALL
        SELECT t.typbasetype FROM element e JOIN pg_catalog.pg_type t ON t.oid = e.type
        WHERE t.typtype = 'd')
      SELECT t.typname FROM element e JOIN pg_catalog.pg_type t ON t.oid = e.type
      WHERE t.typtype <> 'd'
      """;

  /** The driver says so of columns that a sequence fills. */
  private static final Map<String, String> SERIALS =
      Map.of("smallserial", "int2", "serial", "int4", "bigserial", "int8");

  private final PostgresDatabase database;

  PostgresColumns(PostgresDatabase database) {
    this.database = database;
  }

  /** Empty when there is no such table or view. */
  Optional<List<EngineColumn>> find(String tablePath) {
    List<EngineColumn> columns =
        database.read(connection -> {
          try (PreparedStatement statement = connection.prepareStatement(OF_TABLE)) {
            statement.setString(1, tablePath);
            return read(statement);
          }
        });
    return columns.isEmpty() ? Optional.empty() : Optional.of(columns);
  }

  /**
   * @throws EngineException when there is no such table or view
   */
  List<EngineColumn> ofTable(String tablePath) {
    return find(tablePath)
        .orElseThrow(() ->
            new EngineException(
                "there is no table or view %s, or it has no columns; a table is named by its schema and its name"
                    .formatted(tablePath),
                new IllegalArgumentException(tablePath)));
  }

  /** Plans it, and runs nothing of it. */
  List<EngineColumn> ofSelect(String select) {
    return database.read(connection -> {
      var names = new ArrayList<String>();
      var types = new ArrayList<String>();
      PostgresSql.waitShortly(connection);
      try (Statement statement = PostgresDatabase.plain(connection);
          ResultSet none = statement.executeQuery(PostgresSql.rows(select) + " LIMIT 0")) {
        ResultSetMetaData meta = none.getMetaData();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
          names.add(meta.getColumnLabel(i));
          types.add(type(meta, i));
        }
      }
      Array nameList = connection.createArrayOf("text", names.toArray());
      Array typeList = connection.createArrayOf("text", types.toArray());
      try (PreparedStatement statement = connection.prepareStatement(OF_SELECT)) {
        statement.setArray(1, nameList);
        statement.setArray(2, typeList);
        return read(statement);
      }
    });
  }

  /** The database's own name of a column's type. */
  static String type(ResultSetMetaData meta, int column) throws SQLException {
    String type = meta.getColumnTypeName(column);
    return SERIALS.getOrDefault(type, type);
  }

  /**
   * @param array the database's own name of an array's type
   * @return the name of what its elements are, which is no domain
   */
  static String element(Connection connection, String array) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ELEMENT)) {
      statement.setString(1, array);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getString(1) : array;
      }
    }
  }

  private static List<EngineColumn> read(PreparedStatement statement) throws SQLException {
    var columns = new ArrayList<EngineColumn>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        columns.add(new EngineColumn(rows.getString("name"), rows.getString("type")));
      }
    }
    return columns;
  }
}
