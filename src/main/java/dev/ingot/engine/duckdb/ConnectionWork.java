package dev.ingot.engine.duckdb;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Work on a connection of its own. A statement that failed is closed and can't go on. */
interface ConnectionWork<T> {

  T on(Connection connection, Statement statement) throws SQLException;

  /** The same in one transaction: what it throws rolls it back. */
  default ConnectionWork<T> inTransaction() {
    return (connection, statement) -> {
      connection.setAutoCommit(false);
      try {
        T result = on(connection, statement);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        rollBack(connection, e);
        throw e;
      }
    };
  }

  private static void rollBack(Connection connection, Exception first) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      first.addSuppressed(e);
    }
  }
}
