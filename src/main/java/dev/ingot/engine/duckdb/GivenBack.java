package dev.ingot.engine.duckdb;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.duckdb.DuckDBConnection;

/** Gives back to the disk what a DuckDB file holds behind its last block. */
final class GivenBack {

  /**
   * Nothing stays of it, and yet the checkpoint after the next cuts the file off behind its last
   * block: its rows are more than a row group, so they are written to the file at once. The schema
   * is Ingot's own; a kill in between leaves it for the next time.
   */
  private static final List<String> PASSING_CHANGE =
      List.of(
          "CREATE SCHEMA IF NOT EXISTS \"ingot passing\"",
          "CREATE OR REPLACE TABLE \"ingot passing\".rows AS"
              + " SELECT range AS n, hash(range) AS h FROM range(130000)",
          "DROP SCHEMA \"ingot passing\" CASCADE",
          "CHECKPOINT");

  private GivenBack() {}

  /**
   * While nobody else uses the database.
   *
   * @throws SQLException also when there is no room even for that
   */
  static void shrink(DuckDBConnection root) throws SQLException {
    try (Connection connection = root.duplicate();
        Statement statement = connection.createStatement()) {
      for (int round = 0; round < 2; round++) {
        for (String sql : PASSING_CHANGE) {
          statement.execute(sql);
        }
      }
    }
  }
}
