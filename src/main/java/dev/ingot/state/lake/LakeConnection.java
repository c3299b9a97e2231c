package dev.ingot.state.lake;

import dev.ingot.engine.duckdb.DuckDbErrors;
import dev.ingot.state.lake.LakeInstance.Work;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A connection that is never closed with a transaction of the lake open: DuckDB (1.5.5) would roll
 * it back then, and what goes wrong in that ends this process.
 */
final class LakeConnection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LakeConnection.class);

  private final Connection connection;
  private boolean left;

  LakeConnection(Connection connection) {
    this.connection = connection;
  }

  JdbcClient client() {
    return JdbcClient.create(new SingleConnectionDataSource(connection, true));
  }

  <T> T transact(Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = work.on(client());
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException e) {
      rollback();
      throw e;
    }
  }

  /**
   * A PostgreSQL that is gone fails it, and it has ended all the same. An instance that answers
   * nothing any more refuses it: then the transaction stays open for good, and so must this.
   */
  private void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      left = DuckDbErrors.fatal(e);
      log.debug("A lake's transaction was not rolled back: {}", DuckDbErrors.firstLine(e));
    }
  }

  @Override
  public void close() throws SQLException {
    if (left) {
      log.warn(
          "A connection to a lake is left open, because DuckDB failed within a transaction and can't end it: it holds its memory and its connection to PostgreSQL until this server ends");
    } else {
      connection.close();
    }
  }
}
