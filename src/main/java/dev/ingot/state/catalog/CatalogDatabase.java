package dev.ingot.state.catalog;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.LeaseSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One catalog's PostgreSQL. */
final class CatalogDatabase implements AutoCloseable {

  private static final int ATTEMPTS = 8;
  private static final Duration BACK_OFF = Duration.ofMillis(15);

  private final CatalogPool pool;
  private final HeartbeatConnection heartbeat;
  private final JdbcClient client;
  private final JdbcClient heartbeats;
  private final TransactionTemplate transactions;

  /** The connection was lost at a commit: it may have been done or not. */
  static final class OutcomeUnknown extends Fault {
    OutcomeUnknown(Fault unavailable) {
      super(unavailable.code(), unavailable.detail(), unavailable);
    }
  }

  CatalogDatabase(
      CatalogConnections connections, LeaseSettings lease, String name, MeterRegistry meters) {
    CatalogUrl url = connections.url();
    pool = new CatalogPool(connections, lease, name, meters);
    SQLExceptionTranslator known = new SQLExceptionSubclassTranslator();
    SQLExceptionTranslator translator =
        (task, sql, e) -> {
          if (CatalogErrors.isUnavailable(e)) {
            throw CatalogErrors.unavailable(url, e);
          }
          if (CatalogErrors.isForbidden(e)) {
            throw CatalogErrors.forbidden(url, e);
          }
          return known.translate(task, sql, e);
        };
    heartbeat = new HeartbeatConnection(connections, lease);
    client = client(pool, translator);
    heartbeats = client(heartbeat, translator);
    transactions = new TransactionTemplate(new JdbcTransactionManager(pool));
  }

  private static JdbcClient client(DataSource source, SQLExceptionTranslator translator) {
    var template = new JdbcTemplate(source);
    template.setExceptionTranslator(translator);
    return JdbcClient.create(template);
  }

  CatalogUrl url() {
    return pool.url();
  }

  /**
   * Reads fail with CATALOG_UNAVAILABLE when it doesn't answer, with STORAGE_REFUSED when its user
   * may not do it.
   */
  JdbcClient client() {
    return client;
  }

  /** The same over the connection of the heartbeats. */
  JdbcClient heartbeats() {
    return heartbeats;
  }

  /** The next heartbeat connects anew. */
  void reconnectHeartbeats() {
    heartbeat.resetConnection();
  }

  /**
   * One transaction, done again when another was in its way; within one, a part of it.
   *
   * @throws Fault CATALOG_UNAVAILABLE, and nothing is written; {@link OutcomeUnknown}
   */
  <T> T write(Supplier<T> work) {
    if (TransactionSynchronizationManager.hasResource(pool)) {
      return work.get();
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return transact(work);
      } catch (Fault known) {
        throw known;
      } catch (RuntimeException e) {
        SQLException sql = CatalogErrors.sql(e).orElse(null);
        if (sql == null || !CatalogErrors.isConflict(sql)) {
          throw e;
        }
        if (attempt == ATTEMPTS) {
          throw CatalogErrors.isBusy(sql) ? CatalogErrors.unavailable(url(), sql) : e;
        }
        LockSupport.parkNanos(BACK_OFF.toNanos() * attempt);
      }
    }
  }

  private <T> T transact(Supplier<T> work) {
    var committing = new boolean[1];
    try {
      T result =
          transactions.execute(status -> {
            T done = work.get();
            committing[0] = true;
            return done;
          });
      if (result == null) {
        throw new IllegalStateException("a transaction's work returns something");
      }
      return result;
    } catch (Fault known) {
      // Also of another database that the work asked.
      throw known;
    } catch (RuntimeException e) {
      SQLException sql = CatalogErrors.sql(e).orElse(null);
      if (sql == null || !CatalogErrors.isUnavailable(sql)) {
        throw e;
      }
      Fault unavailable = CatalogErrors.unavailable(url(), sql);
      throw committing[0] ? new OutcomeUnknown(unavailable) : unavailable;
    }
  }

  static boolean isUnavailable(RuntimeException e) {
    return e instanceof Fault fault && fault.code() == FaultCode.CATALOG_UNAVAILABLE;
  }

  @Override
  public void close() {
    pool.close();
    heartbeat.close();
  }
}
