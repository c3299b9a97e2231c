package dev.ingot.state.store;

import dev.ingot.outbox.Delivery;
import dev.ingot.outbox.Receiver;
import dev.ingot.project.ProjectName;
import dev.ingot.state.Columns;
import dev.ingot.state.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of {@code outbox}: what receivers haven't heard yet, webhooks and others, whose ids are
 * in the column {@code webhook}.
 */
final class OutboxRows {

  /** Whose receivers are the project's. */
  private static final String ITS_OWN = " AND webhook NOT LIKE '%s%%'".formatted(Receiver.OWN);

  /** After all times. */
  private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

  private OutboxRows() {}

  static void insert(Session session, Delivery delivery) {
    String sql =
        """
        INSERT INTO outbox (id, project, webhook, body, created_at, attempts, next_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """;
    session
        .sql(sql)
        .param(delivery.id())
        .param(delivery.project().value())
        .param(delivery.receiver())
        .param(delivery.body())
        .param(Columns.time(delivery.createdAt()))
        .param(delivery.attempts())
        .param(Columns.time(delivery.nextAt()))
        .update();
  }

  /**
   * @param inOrder none while the oldest isn't due
   */
  static Optional<Delivery> due(
      Session session, ProjectName project, String receiver, boolean inOrder, Instant now) {
    // By its id, so that no other body is read.
    String sql =
        """
        SELECT * FROM outbox WHERE id = (
          SELECT id FROM outbox WHERE project = ? AND webhook = ? AND next_at <= ?
          ORDER BY created_at, id LIMIT 1)
        """;
    return session
        .sql(sql)
        .param(project.value())
        .param(receiver)
        .param(Columns.time(inOrder ? END : now))
        .query(OutboxRows::delivery)
        .optional()
        .filter(one -> !one.nextAt().isAfter(now));
  }

  /** False when somebody else has taken it. */
  static boolean take(Session session, Delivery due, Instant until) {
    return session
            .sql("UPDATE outbox SET next_at = ? WHERE id = ? AND next_at = ?")
            .param(Columns.time(until))
            .param(due.id())
            .param(Columns.time(due.nextAt()))
            .update()
        == 1;
  }

  /** False when it isn't here. */
  static boolean failed(Session session, String id, Instant nextAt, String error) {
    return session
            .sql("UPDATE outbox SET attempts = attempts + 1, next_at = ?, error = ? WHERE id = ?")
            .param(Columns.time(nextAt))
            .param(error)
            .param(id)
            .update()
        == 1;
  }

  /** False when it isn't here. */
  static boolean remove(Session session, String id) {
    return session.sql("DELETE FROM outbox WHERE id = ?").param(id).update() == 1;
  }

  static List<Delivery> all(Session session, ProjectName project, int most) {
    return session
        .sql(
            "SELECT * FROM outbox WHERE project = ?%s ORDER BY created_at, id LIMIT ?"
                .formatted(ITS_OWN))
        .param(project.value())
        .param(most)
        .query(OutboxRows::delivery)
        .list();
  }

  static Set<ProjectName> projects(Session session) {
    return session
        .sql("SELECT DISTINCT project FROM outbox")
        .query((row, n) -> new ProjectName(row.getString("project")))
        .set();
  }

  static void forget(Session session, ProjectName project, Instant oldest) {
    session
        .sql("DELETE FROM outbox WHERE project = ? AND created_at < ?")
        .param(project.value())
        .param(Columns.time(oldest))
        .update();
  }

  /** Of a project that goes; what its builds came to is still told to others. */
  static void removeAll(Session session, ProjectName project) {
    session.sql("DELETE FROM outbox WHERE project = ?" + ITS_OWN).param(project.value()).update();
  }

  private static Delivery delivery(ResultSet row, int number) throws SQLException {
    return new Delivery(
        row.getString("id"),
        new ProjectName(row.getString("project")),
        row.getString("webhook"),
        row.getString("body"),
        Columns.instant(row, "created_at"),
        row.getInt("attempts"),
        Columns.instant(row, "next_at"),
        row.getString("error"));
  }
}
