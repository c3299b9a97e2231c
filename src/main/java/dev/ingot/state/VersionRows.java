package dev.ingot.state;

import dev.ingot.manifest.ManifestEntry;
import dev.ingot.materialization.Materialization;
import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.List;
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

  /** Inserts a version and makes it the current one. */
  long insert(Materialization run, long version, List<ManifestEntry> entries, Instant at) {
    String project = run.key().project().value();
    String name = run.key().name().value();
    client
        .sql("INSERT INTO versions VALUES (?, ?, ?, ?, ?)")
        .param(project)
        .param(name)
        .param(version)
        .param(run.id())
        .param(Columns.time(at))
        .update();
    int place = 0;
    for (ManifestEntry entry : entries) {
      client
          .sql("INSERT INTO version_entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
          .param(project)
          .param(name)
          .param(version)
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
    client.sql(current).param(project).param(name).param(version).update();
    return version;
  }
}
