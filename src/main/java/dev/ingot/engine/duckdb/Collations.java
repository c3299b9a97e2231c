package dev.ingot.engine.duckdb;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Collations of columns, which their types don't say. */
final class Collations {

  /** In a plan as JSON: only a text with a collation has more to say of its type. */
  private static final String COLLATED = "STRING_TYPE_INFO";

  private Collations() {}

  /**
   * Whether a column has one, or another's name makes it look so.
   *
   * @param table as SQL has it
   */
  static boolean areIn(Statement statement, String table) throws SQLException {
    String plan = "SELECT json_serialize_plan(%s)".formatted(DuckDbSql.literal("FROM " + table));
    try (ResultSet row = statement.executeQuery(plan)) {
      row.next();
      String said = row.getString(1);
      if (!said.startsWith("{\"error\":false")) {
        throw new SQLException("No plan of %s: %s".formatted(table, said));
      }
      return said.contains(COLLATED);
    }
  }
}
