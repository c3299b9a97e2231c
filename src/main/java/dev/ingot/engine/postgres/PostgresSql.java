package dev.ingot.engine.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** Pieces of SQL. */
final class PostgresSql {

  /**
   * The most that DDL waits for a lock, in its transaction: who asks for one queues those that come
   * after.
   */
  static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '500ms'";

  private static final long PATIENCE_MILLIS = 500;

  /** Of a lock that is free; PostgreSQL takes 0 for no end. */
  private static final long LEAST_MILLIS = 10;

  private PostgresSql() {}

  /** Needs {@code standard_conforming_strings}, which every session has unless told otherwise. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /**
   * {@link #LOCK_TIMEOUT} where locks are taken one after the other: all of them together are
   * waited for no longer, as those behind the first one wait to the end.
   *
   * @param begun when the first one was asked for, by {@link System#nanoTime()}
   */
  static String lockTimeout(long begun) {
    long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    return "SET LOCAL lock_timeout = '%dms'"
        .formatted(Math.max(LEAST_MILLIS, PATIENCE_MILLIS - waited));
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
