package dev.ingot.engine.duckdb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells rows that were all read from rows that were cut off. When a statement fails or is
 * interrupted while its rows stream, the driver says that there are no more, as if it had been the
 * last one. But the failure has made the transaction void.
 */
final class WholeRows {

  private static final Logger log = LoggerFactory.getLogger(WholeRows.class);

  private WholeRows() {}

  /**
   * To be asked after the last row, in the transaction of the statement.
   *
   * @throws SQLException when rows are missing, with DuckDB's reason if it can be found
   */
  static void require(QueryConnection connection, String select) throws SQLException {
    try {
      connection.probe().execute();
    } catch (SQLException cutOff) {
      log.debug("Rows were cut off", cutOff);
      connection.connection().rollback();
      throw new SQLException(reason(connection.connection(), select), cutOff);
    }
  }

  /** The reason is lost with the rows: so all of them are computed again, without fetching any. */
  private static String reason(Connection connection, String select) {
    try (Statement again = connection.createStatement();
        ResultSet rows =
            again.executeQuery("SELECT max(hash(cut)) FROM (" + select + "\n) AS cut")) {
      return "the statement failed after its first rows, and not when it was tried again";
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
