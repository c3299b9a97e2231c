package dev.ingot.engine.duckdb;

/** Pieces of DuckDB's SQL. */
public final class DuckDbSql {

  private DuckDbSql() {}

  /** A text as a literal. */
  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /**
   * The names of the files that are this one: one or none. A name without a pattern would be
   * answered as it is in a bucket, without a look at what is there.
   */
  public static String lookFor(String file) {
    int last = file.length() - 1;
    return "SELECT file FROM glob(%s)"
        .formatted(literal(file.substring(0, last) + "[" + file.charAt(last) + "]"));
  }
}
