package dev.ingot.testing;

/** SQL that DuckDB plans for many seconds, or for ever, and can't be interrupted in. */
public final class DeepSql {

  private DeepSql() {}

  /** One column {@code a}. Each level takes about twice as long as the one within it. */
  public static String select(int levels) {
    String text = "range(5) AS t(a)";
    for (int level = 0; level < levels; level++) {
      text = "(SELECT a FROM %s GROUP BY 1 ORDER BY 1) AS b%d".formatted(text, level);
    }
    return "SELECT a FROM " + text;
  }
}
