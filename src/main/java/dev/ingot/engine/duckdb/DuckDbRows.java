package dev.ingot.engine.duckdb;

import dev.ingot.engine.ReadFailed;
import dev.ingot.engine.Rows;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/** A result of DuckDB's driver. */
final class DuckDbRows implements Rows {

  private final ResultSet rows;
  private final DuckDBResultSet driver;
  private final List<String> columns;

  DuckDbRows(ResultSet rows) throws SQLException {
    this.rows = rows;
    driver = rows.unwrap(DuckDBResultSet.class);
    ResultSetMetaData meta = rows.getMetaData();
    var names = new ArrayList<String>();
    for (int column = 1; column <= meta.getColumnCount(); column++) {
      names.add(meta.getColumnName(column));
    }
    columns = List.copyOf(names);
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public boolean next() {
    try {
      return rows.next();
    } catch (SQLException e) {
      throw new ReadFailed(e);
    } catch (DateTimeException | ArithmeticException e) {
      // The driver makes Java's own values of all that nests before anybody asks for them.
      throw new ReadFailed(new SQLException(e.getMessage(), e));
    }
  }

  @Override
  public @Nullable Object value(int column) {
    try {
      return VectorValues.read(driver, column);
    } catch (SQLException e) {
      throw new ReadFailed(e);
    }
  }
}
