package dev.ingot.state.store;

import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.project.PackageKey;
import dev.ingot.state.Columns;
import dev.ingot.state.ControlHome;
import dev.ingot.state.SharedEvent;
import dev.ingot.state.VersionEntries.EntryRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Manifest versions as rows of one home; its caller owns the transaction. */
final class VersionRows {

  private final ControlHome home;
  private final PackageKey key;

  VersionRows(ControlHome home, PackageKey key) {
    this.home = home;
    this.key = key;
  }

  /** The current version's number; 0 before the first. */
  long current() {
    return of("SELECT version FROM current_versions WHERE project = :project AND package = :package")
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /** The number of the version that a run published, while it is retained. */
  Optional<Long> publishedBy(String run) {
    String sql =
        """
        SELECT version FROM versions
        WHERE project = :project AND package = :package AND run = :run
        """;
    return of(sql).param("run", run).query(Long.class).optional();
  }

  /** The id of what a version has in it; empty when there is no such version any more. */
  Optional<String> content(long number) {
    String sql =
        """
        SELECT content FROM versions
        WHERE project = :project AND package = :package AND version = :version
        """;
    return of(sql).param("version", number).query(String.class).optional();
  }

  static List<EntryRow> rows(List<ManifestEntry> entries) {
    return entries.stream()
        .map(entry -> new EntryRow(entry.generation().id(), entry.declared(), entry.sourceNames()))
        .toList();
  }

  /**
   * Inserts a version and makes it the current one; what only the one before has is superseded.
   *
   * @param content written already
   * @param follow whether servers that follow take it up by themselves
   */
  void insert(ManifestVersion next, String content, boolean follow) {
    supersede(next);
    String version =
        """
        INSERT INTO versions (project, package, version, run, published_at, cause, restores,
          content, follow)
        VALUES (:project, :package, :version, :run, :at, :cause, :restores, :content, :follow)
        """;
    of(version)
        .param("version", next.number())
        .param("run", next.cause() instanceof Cause.Run(String id) ? id : "")
        .param("at", Columns.time(next.publishedAt()))
        .param("cause", word(next.cause()))
        .param("restores", restored(next.cause()))
        .param("content", content)
        .param("follow", follow)
        .update();
    String current =
        """
        INSERT INTO current_versions (project, package, version)
        VALUES (:project, :package, :version)
        ON CONFLICT (project, package) DO UPDATE SET version = excluded.version
        """;
    of(current).param("version", next.number()).update();
    home.tell(new SharedEvent.Published(key));
  }

  /** Removes all but the current one. */
  void removeAllBefore() {
    String sql =
        """
        DELETE FROM versions WHERE project = :project AND package = :package
          AND version < (SELECT c.version FROM current_versions c
            WHERE c.project = versions.project AND c.package = versions.package)
        """;
    of(sql).update();
  }

  private void supersede(ManifestVersion next) {
    List<String> before =
        content(current()).map(content -> home.entries().read(key, content)).stream()
            .flatMap(List::stream)
            .map(EntryRow::generation)
            .toList();
    List<String> after = next.entries().stream().map(entry -> entry.generation().id()).toList();
    supersede(before, next);
    supersede(after, null);
  }

  private void supersede(Collection<String> generations, @Nullable ManifestVersion by) {
    if (!generations.isEmpty()) {
      of("""
      UPDATE generations SET superseded_at = :at
      WHERE project = :project AND package = :package AND id IN (:ids)
      """)
          .param("at", by == null ? null : Columns.time(by.publishedAt()))
          .param("ids", generations)
          .update();
    }
  }

  private JdbcClient.StatementSpec of(String sql) {
    return home.client()
        .sql(sql)
        .param("project", key.project().value())
        .param("package", key.name().value());
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
