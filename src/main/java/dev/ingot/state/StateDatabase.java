package dev.ingot.state;

import dev.ingot.project.Home;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The state file. All writes of the process take turns: in DuckDB the loser of two overlapping
 * writes is thrown out at its commit, and with one writer there is no loser.
 */
@Component
class StateDatabase implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(StateDatabase.class);

  private final DuckDBConnection root;
  private final JdbcClient client;
  private final TransactionTemplate transactions;
  private final ReentrantLock writer = new ReentrantLock(true);

  StateDatabase(Home home) {
    var file = new StateFile(home);
    file.check(StateSchema.newest());
    root = file.open();
    var source = new Duplicates(root);
    client = JdbcClient.create(source);
    transactions = new TransactionTemplate(new JdbcTransactionManager(source));
    try {
      change(() -> StateSchema.migrate(client));
    } catch (RuntimeException e) {
      // Nobody else will: a bean that could not be made is not destroyed.
      destroy();
      throw e;
    }
  }

  /** For reads outside a transaction, and for the statements inside {@link #write}. */
  JdbcClient client() {
    return client;
  }

  /** One transaction; what it throws rolls it back. */
  <T> T write(Supplier<T> work) {
    writer.lock();
    try {
      T result = transactions.execute(status -> work.get());
      if (result == null) {
        throw new IllegalStateException("a transaction's work returns something");
      }
      return result;
    } finally {
      writer.unlock();
    }
  }

  /** One transaction without a result. */
  void change(Runnable work) {
    write(() -> {
      work.run();
      return true;
    });
  }

  /** A connection for each borrower, all on the one open database. */
  private static final class Duplicates extends AbstractDataSource {
    private final DuckDBConnection root;

    Duplicates(DuckDBConnection root) {
      this.root = root;
    }

    @Override
    public Connection getConnection() throws SQLException {
      return root.duplicate();
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
      return getConnection();
    }
  }

  @Override
  public void destroy() {
    try {
      root.close();
    } catch (SQLException e) {
      log.warn("The state file did not close cleanly", e);
    }
  }
}
