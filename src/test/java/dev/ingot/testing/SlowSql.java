package dev.ingot.testing;

/** SQL that takes hours unless somebody ends it, for tests that do. */
public final class SlowSql {

  /** One column {@code h}; no optimizer knows its aggregates without computing every row. */
  public static final String SELECT =
      "select hash(a.range, b.range) as h from range(10000000) a, range(10000000) b";

  private SlowSql() {}
}
