package dev.ingot.state.catalog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.ingot.fault.Fault;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.LeaseSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections to one catalog. A transaction whose client stands still is ended by the database, so
 * that a server that hangs keeps nobody from its rows.
 */
final class CatalogPool extends DelegatingDataSource implements AutoCloseable {

  /** The schema of Ingot's own tables. */
  static final String SCHEMA = "ingot";

  private static final int MOST = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** So long one that can't be reached isn't asked again: whoever waits for it keeps others. */
  private static final Duration REST = Duration.ofSeconds(1);

  private final CatalogUrl url;
  private final HikariDataSource pool;
  private volatile @Nullable Failure last;

  /**
   * @param at by {@link System#nanoTime}
   */
  private record Failure(Fault fault, long at) {}

  CatalogPool(
      CatalogConnections connections, LeaseSettings lease, String name, MeterRegistry meters) {
    url = connections.url();
    var config = new HikariConfig();
    config.setPoolName("catalog-" + name);
    config.setMetricRegistry(meters);
    config.setDataSource(connections.source(options(lease)));
    config.setMaximumPoolSize(MOST);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(PATIENCE.toMillis());
    config.setValidationTimeout(Duration.ofSeconds(2).toMillis());
    config.setIdleTimeout(Duration.ofMinutes(2).toMillis());
    // The catalog may be away when a server starts.
    config.setInitializationFailTimeout(-1);
    pool = new HikariDataSource(config);
    setTargetDataSource(pool);
  }

  /** Of all sessions on Ingot's own tables, in PostgreSQL's command line form. */
  static String options(LeaseSettings lease) {
    return "-c search_path=%s -c TimeZone=UTC -c idle_in_transaction_session_timeout=%d -c lock_timeout=4000 -c statement_timeout=8000"
        .formatted(SCHEMA, lease.patience().toMillis());
  }

  /**
   * @throws Fault CATALOG_UNAVAILABLE, which Spring's templates let through
   */
  @Override
  public Connection getConnection() throws SQLException {
    Failure known = last;
    if (known != null && System.nanoTime() - known.at() < REST.toNanos()) {
      throw new Fault(known.fault().code(), known.fault().detail(), known.fault());
    }
    try {
      Connection connection = pool.getConnection();
      last = null;
      return connection;
    } catch (SQLException e) {
      Fault fault = CatalogErrors.unavailable(url, e);
      if (pool.getHikariPoolMXBean().getTotalConnections() == 0) {
        // Otherwise it is reached, and only busy.
        last = new Failure(fault, System.nanoTime());
      }
      throw fault;
    }
  }

  CatalogUrl url() {
    return url;
  }

  @Override
  public void close() {
    pool.close();
  }
}
