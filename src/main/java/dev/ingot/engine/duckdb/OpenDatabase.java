package dev.ingot.engine.duckdb;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.duckdb.DuckDBConnection;

/** An open DuckDB file and its connections. DuckDB closes it with the last of them. */
final class OpenDatabase {

  /** As many queries as usually run at once; a connection more costs little, but not nothing. */
  private static final int IDLE = 8;

  private final DuckDBConnection root;
  private final BlockingQueue<QueryConnection> idle = new ArrayBlockingQueue<>(IDLE);

  /** Work on a connection that nobody else uses meanwhile. */
  interface Reading<T> {
    T on(QueryConnection connection) throws SQLException;
  }

  OpenDatabase(DuckDBConnection root) {
    this.root = root;
  }

  DuckDBConnection root() {
    return root;
  }

  Connection connect() throws SQLException {
    return root.duplicate();
  }

  /** Reads in one transaction; a connection that it failed on isn't used again. */
  <T> T read(Reading<T> reading) throws SQLException {
    QueryConnection connection = take();
    boolean whole = false;
    try {
      T result = reading.on(connection);
      connection.connection().commit();
      whole = true;
      return result;
    } finally {
      if (!whole) {
        connection.rollBack();
      }
      if (!whole || connection.isSpoilt() || !idle.offer(connection)) {
        connection.close();
      }
    }
  }

  private QueryConnection take() throws SQLException {
    QueryConnection waiting = idle.poll();
    return waiting == null ? new QueryConnection(connect()) : waiting;
  }

  /** For who has it alone. */
  void close() throws SQLException {
    for (QueryConnection one = idle.poll(); one != null; one = idle.poll()) {
      one.close();
    }
    root.close();
  }
}
