package dev.ingot.engine.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Pieces of SQL. */
final class PostgresSql {

  /**
   * The most that DDL waits for a lock, in its transaction: who asks for one queues those that come
   * after.
   */
  static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '500ms'";

  private PostgresSql() {}

  /** Needs {@code standard_conforming_strings}, which every session has unless told otherwise. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** Lets what is only looked at fail when somebody has it locked for long. */
  static void waitShortly(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '5s'");
    }
  }

  /**
   * A SELECT of another one's rows. Within it no statement can change anything: PostgreSQL takes
   * those only at the top.
   *
   * @throws dev.ingot.engine.Engine.EngineException when it isn't one statement
   */
  static String rows(String select) {
    return "SELECT * FROM (\n%s\n) AS ingot".formatted(SingleStatement.require(select));
  }
}
