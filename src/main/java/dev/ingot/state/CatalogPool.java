package dev.ingot.state;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.LeaseSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
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

  private final CatalogUrl url;
  private final HikariDataSource pool;

  CatalogPool(CatalogUrl url, LeaseSettings lease, String name) {
    this.url = url;
    var config = new HikariConfig();
    config.setPoolName("catalog-" + name);
    config.setDataSource(
        CatalogConnections.source(
            url,
            "-c search_path=%s -c TimeZone=UTC -c idle_in_transaction_session_timeout=%d -c lock_timeout=4000 -c statement_timeout=8000"
                .formatted(SCHEMA, lease.patience().toMillis())));
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

  /**
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE, which Spring's templates let through
   */
  @Override
  public Connection getConnection() throws SQLException {
    try {
      return pool.getConnection();
    } catch (SQLException e) {
      throw CatalogErrors.unavailable(url, e);
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
