package dev.ingot.engine.duckdb;

import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Calls of DuckDB's readers by relative names: {@code read_csv('orders.csv', header = true)}. There
 * is no view that they would find, as there is for {@code FROM 'orders.csv'}, so the names are
 * given their folder. DuckDB then decides, as always, whether what they name may be read.
 */
final class ReaderCalls {

  static final Set<String> READERS =
      Set.of(
          "parquet_scan",
          "read_blob",
          "read_csv",
          "read_csv_auto",
          "read_json",
          "read_json_auto",
          "read_json_objects",
          "read_json_objects_auto",
          "read_ndjson",
          "read_ndjson_auto",
          "read_ndjson_objects",
          "read_parquet",
          "read_text");

  /** An absolute path, one in somebody's home, a URL, or nothing. */
  private static final Pattern NOT_RELATIVE =
      Pattern.compile("(?s)(/|~|[A-Za-z][A-Za-z0-9+.-]*:).*|");

  private ReaderCalls() {}

  static String in(Path folder, String select) {
    var result = new StringBuilder();
    int copied = 0;
    for (SingleSelect.Argument name : SingleSelect.firstArguments(select, READERS)) {
      if (!NOT_RELATIVE.matcher(name.text()).matches()) {
        result.append(select, copied, name.start());
        result.append(DuckDbSql.literal(folder + "/" + name.text()));
        copied = name.end();
      }
    }
    return result.append(select, copied, select.length()).toString();
  }
}
