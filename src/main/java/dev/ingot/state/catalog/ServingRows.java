package dev.ingot.state.catalog;

import dev.ingot.project.PackageKey;
import dev.ingot.project.WorkerIdentity;
import dev.ingot.state.Session;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What each server of one project serves, as rows of its catalog: {@code serving}. */
final class ServingRows {

  private final CatalogState state;
  private final WorkerIdentity worker;
  private final Map<PackageKey, List<Object>> written = new ConcurrentHashMap<>();

  ServingRows(CatalogState state, WorkerIdentity worker) {
    this.state = state;
    this.worker = worker;
  }

  /**
   * Nothing is written that is known to be there.
   *
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE
   */
  void write(PackageKey key, Set<Long> versions, long answers) {
    List<Object> now = List.of(versions, answers);
    List<Object> before = written.get(key);
    if (now.equals(before) || (before == null && versions.isEmpty())) {
      return;
    }
    // Until there is an answer: it may be written or not.
    written.put(key, List.of());
    state.change(session -> {
      of(
              session,
              "DELETE FROM serving WHERE worker = :worker AND project = :project AND package = :package")
          .param("package", key.name().value())
          .update();
      for (long version : versions) {
        of(
                session,
                """
                INSERT INTO serving (worker, project, package, version, answers)
                VALUES (:worker, :project, :package, :version, :answers)
                """)
            .param("package", key.name().value())
            .param("version", version)
            .param("answers", version == answers)
            .update();
      }
    });
    if (versions.isEmpty()) {
      written.remove(key);
    } else {
      written.put(key, now);
    }
  }

  /** What was written may be gone: another server took this one for gone for good. */
  void forget() {
    written.clear();
  }

  /** Nothing is served here any more. */
  void removeOwn(Session session) {
    of(session, "DELETE FROM serving WHERE worker = :worker AND project = :project").update();
  }

  /** Those of servers that ended without a word long ago. */
  void removeGone(Session session) {
    String sql =
        """
        DELETE FROM serving WHERE project = :project
        AND worker IN (SELECT worker FROM workers WHERE project = :project AND seen_at < %s)
        """
            .formatted(state.times().longGone());
    project(session, sql).update();
  }

  private JdbcClient.StatementSpec of(Session session, String sql) {
    return project(session, sql).param("worker", worker.id());
  }

  private JdbcClient.StatementSpec project(Session session, String sql) {
    return session.sql(sql).param("project", state.project().value());
  }
}
