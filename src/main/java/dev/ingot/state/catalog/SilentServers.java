package dev.ingot.state.catalog;

import dev.ingot.project.WorkerIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transactions of servers that stand still. What they have locked keeps everybody else
 * waiting: the rows of {@code ingot_lake}, whose sessions DuckDB opens, without a limit.
 */
final class SilentServers {

  private static final Logger log = LoggerFactory.getLogger(SilentServers.class);

  private final CatalogState state;

  SilentServers(CatalogState state) {
    this.state = state;
  }

  /**
   * A server that wasn't heard of for a lease, in whatever project of this catalog, has lost its
   * runs already, and may lose what it was about to commit. Over the connection of the heartbeats.
   * PostgreSQL lets a role end its own sessions.
   *
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE
   */
  void endTransactions() {
    String sql =
        """
        WITH silent AS (
          SELECT worker, max(name) AS name FROM workers
          GROUP BY worker HAVING max(seen_at) < %s)
        SELECT s.name || ' (' || s.worker || ')' AS server, pg_terminate_backend(a.pid)
        FROM silent s
        JOIN pg_stat_activity a ON a.application_name = :sessions || s.worker
        WHERE a.datname = current_database() AND a.usename = current_user
          AND a.xact_start IS NOT NULL
        """
            .formatted(state.times().silent());
    state
        .heartbeats()
        .sql(sql)
        .param("sessions", WorkerIdentity.SESSIONS + "/")
        .query((row, n) -> row.getString("server"))
        .list()
        .forEach(server ->
            log.warn(
                "Project {}: a transaction of server {}, which is silent, was ended",
                state.project(),
                server));
  }
}
