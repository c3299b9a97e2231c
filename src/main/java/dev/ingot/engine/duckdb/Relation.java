package dev.ingot.engine.duckdb;

import dev.ingot.engine.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * A table or a view of a package's database.
 *
 * @param mark its comment, which says whose it is
 */
record Relation(boolean view, String mark) {

  /** Of a view that stands for a declared name. */
  static final String DECLARED = "ingot view";

  /** All there are, by folded name. */
  static Map<TableName, Relation> all(Statement statement) throws SQLException {
    String sql =
        """
        SELECT schema_name, table_name, false, comment FROM duckdb_tables()
        WHERE database_name = current_database()
        UNION ALL
        SELECT schema_name, view_name, true, comment FROM duckdb_views()
        WHERE database_name = current_database() AND NOT internal
        """;
    var relations = new HashMap<TableName, Relation>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        relations.put(
            new TableName(rows.getString(1), rows.getString(2)).folded(),
            new Relation(rows.getBoolean(3), String.valueOf(rows.getString(4))));
      }
    }
    return relations;
  }

  /** Whether it may be replaced by a view of that name. */
  boolean isDeclaredView() {
    return view && mark.equals(DECLARED);
  }
}
