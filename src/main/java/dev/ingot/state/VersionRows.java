package dev.ingot.state;

import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.project.PackageKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Manifest versions as rows; its caller owns the transaction. */
final class VersionRows {

  private final JdbcClient client;

  VersionRows(JdbcClient client) {
    this.client = client;
  }

  /** The current version's number; 0 before the first. */
  long current(PackageKey key) {
    return client
        .sql("SELECT version FROM current_versions WHERE project = ? AND package = ?")
        .param(key.project().value())
        .param(key.name().value())
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /** Inserts a version and makes it the current one; what only the one before has is superseded. */
  void insert(ManifestVersion next) {
    String project = next.key().project().value();
    String name = next.key().name().value();
    supersede(next, current(next.key()));
    String version =
        """
        INSERT INTO versions (project, package, version, run, published_at, cause, restores)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """;
    client
        .sql(version)
        .param(project)
        .param(name)
        .param(next.number())
        .param(next.cause() instanceof Cause.Run(String id) ? id : "")
        .param(Columns.time(next.publishedAt()))
        .param(word(next.cause()))
        .param(restored(next.cause()))
        .update();
    int place = 0;
    for (ManifestEntry entry : next.entries()) {
      client
          .sql("INSERT INTO version_entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
          .param(project)
          .param(name)
          .param(next.number())
          .param(place++)
          .param(entry.generation().id())
          .param(entry.declared().schema())
          .param(entry.declared().name())
          .param(Columns.json(entry.sourceNames()))
          .update();
    }
    String current =
        """
        INSERT INTO current_versions VALUES (?, ?, ?)
        ON CONFLICT (project, package) DO UPDATE SET version = excluded.version
        """;
    client.sql(current).param(project).param(name).param(next.number()).update();
  }

  private void supersede(ManifestVersion next, long before) {
    String superseded =
        """
        UPDATE generations SET superseded_at = ? WHERE id IN (
          SELECT generation FROM version_entries
          WHERE project = ? AND package = ? AND version = ?)
        """;
    client
        .sql(superseded)
        .param(Columns.time(next.publishedAt()))
        .param(next.key().project().value())
        .param(next.key().name().value())
        .param(before)
        .update();
    for (ManifestEntry entry : next.entries()) {
      client
          .sql("UPDATE generations SET superseded_at = NULL WHERE id = ?")
          .param(entry.generation().id())
          .update();
    }
  }

  private static String word(Cause cause) {
    return switch (cause) {
      case Cause.Run run -> "RUN";
      case Cause.Rollback rollback -> "ROLLBACK";
      case Cause.Teardown teardown -> "TEARDOWN";
    };
  }

  private static @Nullable Long restored(Cause cause) {
    return cause instanceof Cause.Rollback(long restored) ? restored : null;
  }

  static Cause cause(ResultSet row) throws SQLException {
    String word = row.getString("cause");
    return switch (word) {
      case "RUN" -> new Cause.Run(row.getString("run"));
      case "ROLLBACK" -> new Cause.Rollback(row.getLong("restores"));
      case "TEARDOWN" -> new Cause.Teardown();
      default -> throw new SQLException("a version has the unknown cause " + word);
    };
  }
}
