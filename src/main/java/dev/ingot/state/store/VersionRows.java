package dev.ingot.state.store;

import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.project.PackageKey;
import dev.ingot.state.Columns;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of {@code versions}. */
final class VersionRows {

  private static final String OF_PACKAGE = " WHERE project = :project AND package = :package ";

  private VersionRows() {}

  /**
   * What a version is.
   *
   * @param content the id of what it has in it
   */
  record VersionRow(long number, Cause cause, Instant publishedAt, String content) {}

  static List<VersionRow> current(Session session, PackageKey key) {
    String sql =
        """
        SELECT v.* FROM current_versions c
        JOIN versions v
          ON v.project = c.project AND v.package = c.package AND v.version = c.version
        WHERE c.project = :project AND c.package = :package
        """;
    return session.sql(key, sql).query(VersionRows::version).list();
  }

  static List<VersionRow> numbered(Session session, PackageKey key, long number) {
    return session
        .sql(key, "SELECT * FROM versions" + OF_PACKAGE + "AND version = :version")
        .param("version", number)
        .query(VersionRows::version)
        .list();
  }

  /** Newest first. */
  static List<VersionRow> all(Session session, PackageKey key) {
    return session
        .sql(key, "SELECT * FROM versions" + OF_PACKAGE + "ORDER BY version DESC")
        .query(VersionRows::version)
        .list();
  }

  private static VersionRow version(ResultSet row, int number) throws SQLException {
    return new VersionRow(
        row.getLong("version"),
        cause(row),
        Columns.instant(row, "published_at"),
        row.getString("content"));
  }

  /** The number of the version that a run published, while it is retained. */
  static Optional<Long> publishedBy(Session session, PackageKey key, String run) {
    return session
        .sql(key, "SELECT version FROM versions" + OF_PACKAGE + "AND run = :run")
        .param("run", run)
        .query(Long.class)
        .optional();
  }

  /** The id of what a version has in it; empty when there is no such version any more. */
  static Optional<String> content(Session session, PackageKey key, long number) {
    return session
        .sql(key, "SELECT content FROM versions" + OF_PACKAGE + "AND version = :version")
        .param("version", number)
        .query(String.class)
        .optional();
  }

  /** The ids of what all of them have in them. */
  static Set<String> contents(Session session, PackageKey key) {
    return new HashSet<>(
        session
            .sql(key, "SELECT DISTINCT content FROM versions" + OF_PACKAGE)
            .query(String.class)
            .list());
  }

  /**
   * @param content written already
   * @param follow whether servers that follow take it up by themselves
   */
  static void insert(PackageLock lock, ManifestVersion next, String content, boolean follow) {
    String sql =
        """
        INSERT INTO versions (project, package, version, run, published_at, cause, restores,
          content, follow)
        VALUES (:project, :package, :version, :run, :at, :cause, :restores, :content, :follow)
        """;
    lock.sql(sql)
        .param("version", next.number())
        .param("run", next.cause() instanceof Cause.Run(String id) ? id : "")
        .param("at", Columns.time(next.publishedAt()))
        .param("cause", word(next.cause()))
        .param("restores", restored(next.cause()))
        .param("content", content)
        .param("follow", follow)
        .update();
  }

  /** But for the current one, and what live servers serve. */
  static void remove(PackageLock lock, Collection<Long> numbers) {
    String sql =
        """
        DELETE FROM versions
        WHERE project = :project AND package = :package AND version IN (:numbers)
          AND version NOT IN (
            SELECT version FROM current_versions
            WHERE project = :project AND package = :package)
          AND version NOT IN (%s)
        """
            .formatted(lock.session().served());
    if (!numbers.isEmpty()) {
      lock.sql(sql).param("numbers", numbers).update();
    }
  }

  /** Removes all but the current one. */
  static void removeAllBefore(PackageLock lock) {
    String sql =
        """
        DELETE FROM versions WHERE project = :project AND package = :package
          AND version < (SELECT c.version FROM current_versions c
            WHERE c.project = versions.project AND c.package = versions.package)
        """;
    lock.sql(sql).update();
  }

  static void removeAll(PackageLock lock) {
    lock.sql("DELETE FROM versions" + OF_PACKAGE).update();
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

  private static Cause cause(ResultSet row) throws SQLException {
    String word = row.getString("cause");
    return switch (word) {
      case "RUN" -> new Cause.Run(row.getString("run"));
      case "ROLLBACK" -> new Cause.Rollback(row.getLong("restores"));
      case "TEARDOWN" -> new Cause.Teardown();
      default -> throw new SQLException("a version has the unknown cause " + word);
    };
  }
}
