package dev.ingot.engine.postgres;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.ReadFailed;
import dev.ingot.engine.Rows;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A result of PostgreSQL's driver, which fetches it piece by piece. */
final class PostgresRows implements Rows {

  private final ResultSet rows;
  private final Cancellation cancellation;
  private final List<String> columns = new ArrayList<>();
  private final List<PostgresValues.Reader> readers = new ArrayList<>();

  PostgresRows(ResultSet rows, Cancellation cancellation) throws SQLException {
    this.rows = rows;
    this.cancellation = cancellation;
    ResultSetMetaData meta = rows.getMetaData();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(meta.getColumnLabel(i));
      readers.add(reader(meta, i));
    }
  }

  private PostgresValues.Reader reader(ResultSetMetaData meta, int column) throws SQLException {
    String type = PostgresColumns.type(meta, column);
    if (meta.getColumnType(column) != Types.ARRAY) {
      return PostgresValues.of(type);
    }
    String element = type.replaceFirst("^_", "");
    return PostgresValues.ofArray(
        PostgresValues.knows(element)
            ? element
            : PostgresColumns.element(rows.getStatement().getConnection(), type));
  }

  @Override
  public List<String> columns() {
    return List.copyOf(columns);
  }

  @Override
  public boolean next() {
    // A cancel reaches the session only while it works for the next piece.
    cancellation.requireNone();
    try {
      return rows.next();
    } catch (SQLException e) {
      throw new ReadFailed(e);
    }
  }

  @Override
  public @Nullable Object value(int column) {
    String text;
    try {
      text = rows.getString(column + 1);
    } catch (SQLException e) {
      throw new ReadFailed(e);
    }
    try {
      return text == null ? null : readers.get(column).read(text);
    } catch (RuntimeException e) {
      throw new EngineException(
          "A value of the column '%s' can't be read: cast it to a text"
              .formatted(columns.get(column)),
          e);
    }
  }
}
