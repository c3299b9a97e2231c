package dev.ingot.state.catalog;

import dev.ingot.fault.Fault;
import dev.ingot.manifest.Workers.Served;
import dev.ingot.manifest.Workers.Worker;
import dev.ingot.project.WorkerIdentity;
import dev.ingot.state.Columns;
import dev.ingot.state.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The servers of one project, as rows of its catalog: {@code workers}. Heartbeats write them, see
 * {@link CatalogWatch}.
 */
final class WorkerRows {

  private static final Logger log = LoggerFactory.getLogger(WorkerRows.class);

  private final CatalogState state;
  private final ServingRows serving;
  private final WorkerIdentity worker;

  WorkerRows(CatalogState state, ServingRows serving, WorkerIdentity worker) {
    this.state = state;
    this.serving = serving;
    this.worker = worker;
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

  /** Takes out servers that ended without a word long ago, with what they served. */
  void removeGone() {
    state.change(session -> {
      serving.removeGone(session);
      project(
              session,
              "DELETE FROM workers WHERE project = :project AND seen_at < "
                  + state.times().longGone())
          .update();
    });
  }

  /** This server works on the project no more; what it served may go. */
  void leave() {
    try {
      if (state.isReady()) {
        state.change(session -> {
          serving.removeOwn(session);
          project(session, "DELETE FROM workers WHERE worker = :worker AND project = :project")
              .param("worker", worker.id())
              .update();
        });
      }
    } catch (Fault unreachable) {
      // The others notice its silence.
      log.debug("Left {} without a word", state.project(), unreachable);
    }
  }

  private JdbcClient.StatementSpec project(Session session, String sql) {
    return session.sql(sql).param("project", state.project().value());
  }
}
