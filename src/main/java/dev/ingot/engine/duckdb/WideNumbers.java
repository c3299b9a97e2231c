package dev.ingot.engine.duckdb;

import static dev.ingot.engine.TableName.quote;

import dev.ingot.engine.EngineColumn;
import dev.ingot.engine.TableName;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
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
    List<EngineColumn> columns = DescribedColumns.read(statement, table.sql());
    if (columns.stream().anyMatch(WideNumbers::isWide)
        && canBeSaid(columns)
        && !Collations.areIn(statement, table.sql())) {
      String definitions =
          columns.stream().map(WideNumbers::definition).collect(Collectors.joining(", "));
      statement.execute("DROP TABLE " + table.sql());
      statement.execute("CREATE TABLE %s (%s)".formatted(table.sql(), definitions));
    }
  }

  private static boolean isWide(EngineColumn column) {
    return WIDE.matcher(column.type()).matches();
  }

  /** False when the text of a type isn't known to mean that type again. */
  private static boolean canBeSaid(List<EngineColumn> columns) {
    try {
      columns.forEach(column -> ColumnType.parse(column.type()));
      return true;
    } catch (IllegalArgumentException e) {
      log.debug("A table's numbers are packed", e);
      return false;
    }
  }

  private static String definition(EngineColumn column) {
    String plain = isWide(column) ? " USING COMPRESSION Uncompressed" : "";
    return quote(column.name()) + " " + column.type() + plain;
  }
}
