package dev.ingot.state.store;

import dev.ingot.project.PackageKey;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;

/** The rows of {@code current_versions}: which version of a package is the current one. */
final class CurrentRows {

  private CurrentRows() {}

  /** Its number; 0 before the first. */
  static long number(Session session, PackageKey key) {
    String sql =
        "SELECT version FROM current_versions WHERE project = :project AND package = :package";
    return session.sql(key, sql).query(Long.class).optional().orElse(0L);
  }

  static void move(PackageLock lock, long number) {
    String sql =
        """
        INSERT INTO current_versions (project, package, version)
        VALUES (:project, :package, :version)
        ON CONFLICT (project, package) DO UPDATE SET version = excluded.version
        """;
    lock.sql(sql).param("version", number).update();
  }

  static void remove(PackageLock lock) {
    lock.sql("DELETE FROM current_versions WHERE project = :project AND package = :package")
        .update();
  }
}
