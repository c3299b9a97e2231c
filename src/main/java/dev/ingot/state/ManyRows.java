package dev.ingot.state;

import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Rows that are inserted by few statements. In DuckDB (1.5.5) one takes about as long as a hundred,
 * and each statement with an ON CONFLICT keeps 256 KiB until the commit: of a thousand rows in a
 * thousand such statements, the last find no memory.
 */
public final class ManyRows {

  /** PostgreSQL takes 65,535 values in a statement. */
  private static final int MOST = 500;

  private ManyRows() {}

  /**
   * @param sql makes a statement
   * @param into up to VALUES
   * @param rows all with as many values
   * @param ending such as ON CONFLICT, or nothing
   */
  public static void insert(
      Function<String, StatementSpec> sql, String into, List<List<Object>> rows, String ending) {
    for (int from = 0; from < rows.size(); from += MOST) {
      List<List<Object>> some = rows.subList(from, Math.min(from + MOST, rows.size()));
      String row = "(" + listed("?", some.getFirst().size()) + ")";
      sql.apply("%s VALUES %s %s".formatted(into, listed(row, some.size()), ending))
          .params(some.stream().flatMap(List::stream).toList())
          .update();
    }
  }

  private static String listed(String what, int times) {
    return String.join(", ", Collections.nCopies(times, what));
  }
}
