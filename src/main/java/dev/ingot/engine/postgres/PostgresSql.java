package dev.ingot.engine.postgres;

/** Pieces of SQL. */
final class PostgresSql {

  private PostgresSql() {}

  /** Needs {@code standard_conforming_strings}, which every session has unless told otherwise. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
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
