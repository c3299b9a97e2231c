package dev.ingot.state.catalog;

import dev.ingot.fault.Fault;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.LeaseSettings;
import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The connection of the heartbeats, which wait for nothing that others do. Nobody asks first
 * whether it is still good: whoever finds that it isn't resets it.
 */
final class HeartbeatConnection extends SingleConnectionDataSource {

  private final CatalogUrl url;

  HeartbeatConnection(CatalogConnections connections, LeaseSettings lease) {
    url = connections.url();
    connections.describe(this, CatalogPool.options(lease));
    setSuppressClose(true);
  }

  /**
   * @throws Fault CATALOG_UNAVAILABLE, which Spring's templates let through
   */
  @Override
  public Connection getConnection() {
    try {
      return super.getConnection();
    } catch (SQLException e) {
      throw CatalogErrors.unavailable(url, e);
    }
  }
}
