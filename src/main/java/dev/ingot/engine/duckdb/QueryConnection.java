package dev.ingot.engine.duckdb;

import dev.ingot.engine.duckdb.Statements.Running;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that runs one query after the other, each in a transaction of its own, and keeps the
 * plans of those that are asked again and again. DuckDB plans a kept one anew when anything of its
 * catalog has changed.
 */
final class QueryConnection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(QueryConnection.class);

  private static final int PLANS = 8;

  /** What takes longer to plan isn't kept: it would be planned anew outside of its place. */
  private static final Duration SOON = Duration.ofMillis(50);

  private final Connection connection;
  private final PreparedStatement probe;

  /** By their SQL, those that were used last. */
  private final SequencedMap<String, PreparedStatement> plans =
      new LinkedHashMap<>(16, 0.75f, true);

  private boolean spoilt;

  QueryConnection(Connection connection) throws SQLException {
    this.connection = connection;
    connection.setAutoCommit(false);
    probe = connection.prepareStatement("SELECT 1");
  }

  Connection connection() {
    return connection;
  }

  /** Fails when a statement before it in the transaction has failed. */
  PreparedStatement probe() {
    return probe;
  }

  /** Not to be used again: what ran on it has left something behind. */
  void spoil() {
    spoilt = true;
  }

  boolean isSpoilt() {
    return spoilt;
  }

  /** A statement to be executed, and closed by {@link #done}. */
  PreparedStatement plan(Running running, String sql, boolean keep) throws SQLException {
    PreparedStatement known = plans.get(sql);
    if (known != null) {
      return known;
    }
    long before = System.nanoTime();
    PreparedStatement planned = running.plan(sql);
    if (keep && System.nanoTime() - before < SOON.toNanos()) {
      plans.put(sql, planned);
    }
    return planned;
  }

  /** Closes a statement that isn't kept, and the one that was used least if there are too many. */
  void done(String sql, PreparedStatement statement) throws SQLException {
    if (!statement.equals(plans.get(sql))) {
      statement.close();
    } else if (plans.size() > PLANS) {
      PreparedStatement eldest = plans.pollFirstEntry().getValue();
      eldest.close();
    }
  }

  /** Where there is nothing to be rolled back any more, nothing is done. */
  void rollBack() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      log.debug("A query's transaction was at its end already", e);
    }
  }

  @Override
  public void close() {
    try (connection) {
      for (PreparedStatement one : plans.values()) {
        one.close();
      }
      probe.close();
    } catch (SQLException e) {
      log.debug("A connection did not close cleanly", e);
    }
  }
}
