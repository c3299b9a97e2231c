package dev.ingot.engine.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.PostgresSettings;
import dev.ingot.threads.Tasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sessions of one connection, made as its settings are now. */
final class PostgresSessions implements AutoCloseable {

  private static final Duration FORGET = Duration.ofSeconds(1);

  /** What runs on a connection that changes may go on for so long. */
  private static final Duration LEAVE = Duration.ofHours(12);

  private static final Duration LOOK = Duration.ofMillis(200);

  private final ConnectionKey key;
  private final Supplier<PostgresSettings> wanted;
  private final Function<PostgresSettings, HikariDataSource> opener;
  private final Tasks tasks;

  /** Guarded by this; null while nobody needs it. */
  private @Nullable Pool pool;

  private volatile @Nullable Down down;

  private record Pool(PostgresSettings settings, HikariDataSource sessions) {}

  /**
   * No session could be made.
   *
   * @param until by {@link System#nanoTime()}
   */
  private record Down(HikariDataSource sessions, long until, SQLException failure) {}

  /**
   * @param wanted how it is reached now; a fault when the connection is gone
   * @param opener makes a pool, which connects when it is needed
   */
  PostgresSessions(
      ConnectionKey key,
      Supplier<PostgresSettings> wanted,
      Function<PostgresSettings, HikariDataSource> opener,
      Tasks tasks) {
    this.key = key;
    this.wanted = wanted;
    this.opener = opener;
    this.tasks = tasks;
  }

  ConnectionKey key() {
    return key;
  }

  PostgresSettings settings() {
    return wanted.get();
  }

  /**
   * A session. After one couldn't be made, whoever comes next is told so at once for a while: a
   * plan asks many times, and each would wait to the end.
   */
  Connection open() throws SQLException {
    HikariDataSource sessions = sessions();
    Down known = down;
    if (known != null && known.sessions().equals(sessions) && System.nanoTime() < known.until()) {
      throw new SQLTransientConnectionException(known.failure());
    }
    try {
      return sessions.getConnection();
    } catch (SQLTransientConnectionException e) {
      // Without a cause there is a database, and all of its sessions are in use.
      if (e.getCause() != null) {
        down = new Down(sessions, System.nanoTime() + FORGET.toNanos(), e);
      }
      throw e;
    }
  }

  private HikariDataSource sessions() {
    PostgresSettings now = settings();
    synchronized (this) {
      Pool known = pool;
      if (known != null && known.settings().equals(now)) {
        return known.sessions();
      }
      release();
      var opened = new Pool(now, opener.apply(now));
      pool = opened;
      return opened.sessions();
    }
  }

  /** Lets go of the sessions, which are of no use any more; what runs on them runs to its end. */
  private synchronized void release() {
    Pool known = pool;
    pool = null;
    if (known != null) {
      known.sessions().getHikariPoolMXBean().softEvictConnections();
      closeUnused(known.sessions(), System.nanoTime() + LEAVE.toNanos());
    }
  }

  /**
   * @param end by {@link System#nanoTime()}, when what still runs is cut off
   */
  private void closeUnused(HikariDataSource sessions, long end) {
    boolean used = sessions.getHikariPoolMXBean().getActiveConnections() > 0;
    if (used && System.nanoTime() < end) {
      tasks.startAfter(LOOK, "postgres-close", () -> closeUnused(sessions, end));
    } else {
      tasks.start("postgres-close", sessions::close);
    }
  }

  /** Lets go of sessions that were made as the connection is no more. */
  synchronized void changed() {
    Pool known = pool;
    if (known != null && !known.settings().equals(settings())) {
      release();
    }
  }

  @Override
  public synchronized void close() {
    if (pool != null) {
      pool.sessions().close();
      pool = null;
    }
  }
}
