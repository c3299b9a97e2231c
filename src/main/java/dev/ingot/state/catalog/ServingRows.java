package dev.ingot.state.catalog;

import dev.ingot.fault.Fault;
import dev.ingot.manifest.Workers.Served;
import dev.ingot.manifest.Workers.Worker;
import dev.ingot.project.PackageKey;
import dev.ingot.project.WorkerIdentity;
import dev.ingot.state.Columns;
import dev.ingot.state.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The servers of one project, and what each of them serves, as rows of its catalog. */
final class ServingRows {

  private static final Logger log = LoggerFactory.getLogger(ServingRows.class);

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
   * @throws Fault CATALOG_UNAVAILABLE
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

  /** Takes out servers that ended without a word long ago. */
  void dropGone() {
    String gone = "project = :project AND seen_at < %s".formatted(state.times().longGone());
    state.change(session -> {
      project(
              session,
              """
              DELETE FROM serving WHERE project = :project
              AND worker IN (SELECT worker FROM workers WHERE %s)
              """
                  .formatted(gone))
          .update();
      project(session, "DELETE FROM workers WHERE " + gone).update();
    });
  }

  /** Those that are alive, by name. */
  List<Worker> workers() {
    String sql =
        """
        SELECT w.worker, w.name, w.version AS ingot, w.started_at, w.seen_at, s.package, s.version
        FROM workers w
        LEFT JOIN serving s ON s.worker = w.worker AND s.project = w.project AND s.answers
        WHERE w.project = :project AND w.seen_at > %s
        ORDER BY w.name, w.started_at, w.worker, s.package
        """
            .formatted(state.times().alive());
    var workers = new LinkedHashMap<String, Row>();
    state.read(session ->
        project(session, sql)
            .query((row, n) -> {
              Row one =
                  new Row(
                      row.getString("name"),
                      row.getString("ingot"),
                      Columns.instant(row, "started_at"),
                      Columns.instant(row, "seen_at"),
                      new ArrayList<>());
              Row known = workers.computeIfAbsent(row.getString("worker"), id -> one);
              if (row.getString("package") != null) {
                known.packages().add(new Served(row.getString("package"), row.getLong("version")));
              }
              return known;
            })
            .list());
    return workers.entrySet().stream()
        .map(entry -> entry.getValue().worker(entry.getKey(), worker.id()))
        .toList();
  }

  private record Row(
      String name, String version, Instant startedAt, Instant seenAt, List<Served> packages) {

    Worker worker(String id, String self) {
      return new Worker(id, name, version, startedAt, seenAt, id.equals(self), packages);
    }
  }

  /** This server works on the project no more; what it served may go. */
  void leave() {
    try {
      if (state.isReady()) {
        state.change(session -> {
          of(session, "DELETE FROM serving WHERE worker = :worker AND project = :project").update();
          of(session, "DELETE FROM workers WHERE worker = :worker AND project = :project").update();
        });
      }
    } catch (Fault unreachable) {
      // The others notice its silence.
      log.debug("Left {} without a word", state.project(), unreachable);
    }
  }

  private JdbcClient.StatementSpec of(Session session, String sql) {
    return project(session, sql).param("worker", worker.id());
  }

  private JdbcClient.StatementSpec project(Session session, String sql) {
    return session.sql(sql).param("project", state.project().value());
  }
}
