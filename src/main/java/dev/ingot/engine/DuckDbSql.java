package dev.ingot.engine;

/** Pieces of DuckDB's SQL. */
public final class DuckDbSql {

  private DuckDbSql() {}

  /** A text as a literal. */
  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
