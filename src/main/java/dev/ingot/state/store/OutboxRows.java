package dev.ingot.state.store;

import dev.ingot.project.ProjectName;
import dev.ingot.state.Columns;
import dev.ingot.state.Session;
import dev.ingot.webhook.Delivery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of {@code outbox}: what webhooks haven't heard yet. */
final class OutboxRows {

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
        .param(delivery.webhook())
        .param(delivery.body())
        .param(Columns.time(delivery.createdAt()))
        .param(delivery.attempts())
        .param(Columns.time(delivery.nextAt()))
        .update();
  }

  static Optional<Delivery> due(Session session, ProjectName project, String webhook, Instant now) {
    String sql =
        """
        SELECT * FROM outbox WHERE project = ? AND webhook = ? AND next_at <= ?
        ORDER BY created_at, id LIMIT 1
        """;
    return session
        .sql(sql)
        .param(project.value())
        .param(webhook)
        .param(Columns.time(now))
        .query(OutboxRows::delivery)
        .optional();
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
        .sql("SELECT * FROM outbox WHERE project = ? ORDER BY created_at, id LIMIT ?")
        .param(project.value())
        .param(most)
        .query(OutboxRows::delivery)
        .list();
  }

  static void forget(Session session, ProjectName project, Instant oldest) {
    session
        .sql("DELETE FROM outbox WHERE project = ? AND created_at < ?")
        .param(project.value())
        .param(Columns.time(oldest))
        .update();
  }

  static void removeAll(Session session, ProjectName project) {
    session.sql("DELETE FROM outbox WHERE project = ?").param(project.value()).update();
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
