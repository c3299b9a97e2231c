package dev.ingot.state;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Rows that are inserted by one statement, a column as a list of values. In DuckDB (1.5.5) a
 * thousand take 4 ms in this way, 16 as VALUES and 70 one by one; and each statement with an ON
 * CONFLICT keeps 256 KiB until the commit, so that the last of a thousand finds no memory.
 */
public final class ManyRows {

  private ManyRows() {}

  /**
   * @param sql makes a statement
   * @param into up to VALUES
   * @param rows of texts and whole numbers, all of one length
   * @param ending such as ON CONFLICT, or nothing
   */
  public static void insert(
      Function<String, StatementSpec> sql, String into, List<List<Object>> rows, String ending) {
    if (rows.isEmpty()) {
      return;
    }
    List<SqlArrayValue> columns =
        IntStream.range(0, rows.getFirst().size())
            .mapToObj(column -> values(rows, column))
            .toList();
    String lists =
        rows.getFirst().stream()
            .map(value -> "unnest(CAST(? AS %s[]))".formatted(type(value)))
            .collect(Collectors.joining(", "));
    sql.apply("%s SELECT %s %s".formatted(into, lists, ending)).params(columns).update();
  }

  private static SqlArrayValue values(List<List<Object>> rows, int column) {
    Object[] values = rows.stream().map(row -> row.get(column)).toArray();
    return new SqlArrayValue(type(values[0]), values);
  }

  private static String type(Object value) {
    return value instanceof Integer ? "integer" : "varchar";
  }
}
