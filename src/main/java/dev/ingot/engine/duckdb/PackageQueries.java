package dev.ingot.engine.duckdb;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.RowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads the rows of a package's SELECTs. */
final class PackageQueries {

  private final DuckDbDatabase database;

  PackageQueries(DuckDbDatabase database) {
    this.database = database;
  }

  /** As {@link dev.ingot.engine.Engine#query}, of what was checked. */
  <T> T query(String given, Cancellation cancellation, RowReader<T> reader) {
    String select = DeepChains.cut(given);
    return database.transactOnce((connection, statement) ->
        database
            .statements()
            .run(
                "query",
                connection,
                cancellation,
                running -> {
                  try (PreparedStatement planned = running.plan(select);
                      ResultSet rows = planned.executeQuery()) {
                    return whole(connection, select, rows, reader);
                  }
                }));
  }

  private static <T> T whole(
      Connection connection, String select, ResultSet rows, RowReader<T> reader)
      throws SQLException {
    T result;
    try (rows) {
      result = reader.read(new DuckDbRows(rows));
    } catch (DuckDbRows.ReadFailed e) {
      throw e.failure();
    }
    WholeRows.require(connection, select);
    return result;
  }
}
