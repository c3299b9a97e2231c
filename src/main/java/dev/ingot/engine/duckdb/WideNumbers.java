package dev.ingot.engine.duckdb;

import static dev.ingot.engine.TableName.quote;

import dev.ingot.engine.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a table's numbers of 128 bits as they are. DuckDB (1.5.5) packs them like smaller ones, but
 * takes 100 to 190 ns to unpack each: the sum of a million is 171 ms instead of 3, where the packed
 * ones take 2 MB of the file and the plain ones 17. Each sum of whole numbers is such a column.
 */
final class WideNumbers {

  private static final Logger log = LoggerFactory.getLogger(WideNumbers.class);

  private static final Pattern WIDE = Pattern.compile("U?HUGEINT|DECIMAL\\((19|[23]\\d),\\d+\\)");

  private WideNumbers() {}

  /** Makes a table without rows anew if it has such columns. */
  static void keepPlain(Statement statement, TableName table) throws SQLException {
    SequencedMap<String, String> types = types(statement, table);
    if (types.values().stream().anyMatch(WideNumbers::isWide)
        && canBeSaid(types)
        && !Collations.areIn(statement, table.sql())) {
      statement.execute("DROP TABLE " + table.sql());
      statement.execute("CREATE TABLE %s (%s)".formatted(table.sql(), definitions(types)));
    }
  }

  private static SequencedMap<String, String> types(Statement statement, TableName table)
      throws SQLException {
    var types = new LinkedHashMap<String, String>();
    try (ResultSet columns = statement.executeQuery("DESCRIBE " + table.sql())) {
      while (columns.next()) {
        types.put(columns.getString("column_name"), columns.getString("column_type"));
      }
    }
    return types;
  }

  private static boolean isWide(String type) {
    return WIDE.matcher(type).matches();
  }

  /** False when the text of a type isn't known to mean that type again. */
  private static boolean canBeSaid(Map<String, String> types) {
    try {
      types.values().forEach(ColumnType::parse);
      return true;
    } catch (IllegalArgumentException e) {
      log.debug("A table's numbers are packed", e);
      return false;
    }
  }

  private static String definitions(SequencedMap<String, String> types) {
    return types.entrySet().stream()
        .map(column -> definition(column.getKey(), column.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String definition(String name, String type) {
    String plain = isWide(type) ? " USING COMPRESSION Uncompressed" : "";
    return quote(name) + " " + type + plain;
  }
}
