package dev.ingot.state.catalog;

import dev.ingot.fault.Fault;
import dev.ingot.state.SharedEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what other servers tell over a connection of its own. What is said while it has none is
 * lost, and told by the next heartbeat instead.
 */
final class CatalogListener implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CatalogListener.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** How late it notices that it is closed. */
  private static final int WAIT_MILLIS = 2000;

  /** So many waits until a connection that may be lost is asked; heartbeats tell the same. */
  private static final int WAITS = 15;

  private final CatalogState state;
  private final Consumer<SharedEvent> heard;
  private final Thread thread;
  private volatile boolean closed;

  CatalogListener(CatalogState state, Consumer<SharedEvent> heard) {
    this.state = state;
    this.heard = heard;
    thread = Thread.ofPlatform().daemon().name("catalog-listener").start(this::run);
  }

  private void run() {
    while (!closed) {
      try (Connection connection = state.connections().source().getConnection()) {
        listen(connection);
      } catch (SQLException | Fault e) {
        log.debug("Nothing is heard of {} for a moment", state.url(), e);
        LockSupport.parkNanos(AGAIN.toNanos());
      } catch (RuntimeException e) {
        if (closed) {
          // Who would hear it has ended.
          return;
        }
        log.error("What another server of {} said could not be done", state.project(), e);
        LockSupport.parkNanos(AGAIN.toNanos());
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + Notification.CHANNEL);
    }
    PGConnection postgres = connection.unwrap(PGConnection.class);
    for (int wait = 1; !closed; wait++) {
      PGNotification[] notifications = postgres.getNotifications(WAIT_MILLIS);
      if (wait % WAITS == 0 && !connection.isValid(2)) {
        return;
      }
      for (PGNotification notification : notifications) {
        Notification.event(notification.getParameter()).ifPresent(heard);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
