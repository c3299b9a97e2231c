package dev.ingot.state.store;

import dev.ingot.fault.Problem;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.PlanProgress;
import dev.ingot.materialization.RunEnd;
import dev.ingot.materialization.RunOptions;
import dev.ingot.materialization.RunOptions.OnError;
import dev.ingot.materialization.Sweep;
import dev.ingot.plan.Selection;
import dev.ingot.plan.Selection.Freshness;
import dev.ingot.project.PackageKey;
import dev.ingot.state.Columns;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** The rows of {@code runs}. */
final class RunRows {

  private RunRows() {}

  static void insert(Session session, Materialization run) {
    String sql =
        """
        INSERT INTO runs (id, project, package, status, force_refresh, auto_load, fail_fast,
          on_error, freshness, sources, created_at, updated_at, problems)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')
        """;
    session
        .sql(sql)
        .param(run.id())
        .param(run.key().project().value())
        .param(run.key().name().value())
        .param(run.status().name())
        .param(run.options().forceRefresh())
        .param(run.options().autoLoadManifest())
        .param(run.options().failFast())
        .param(run.options().onError().name())
        .param(run.options().selection().freshness().name())
        .param(Columns.json(run.options().selection().sources()))
        .param(Columns.time(run.createdAt()))
        .param(Columns.time(run.updatedAt()))
        .update();
  }

  /** One that came about in another place of state, with all that is known of it. */
  static void insertWhole(Session session, Materialization run) {
    insert(session, run);
    String rest =
        """
        UPDATE runs SET started_at = ?, completed_at = ?, error = ?, problems = ?, dropped = ?,
          drop_errors = ?
        WHERE id = ?
        """;
    session
        .sql(rest)
        .param(Columns.time(run.startedAt()))
        .param(Columns.time(run.completedAt()))
        .param(run.error())
        .param(Columns.json(run.problems()))
        .param(Columns.json(run.sweep().dropped()))
        .param(Columns.json(run.sweep().errors()))
        .param(run.id())
        .update();
    if (!run.targets().isEmpty()) {
      TargetRows.write(session, run.id(), run.targets());
    }
  }

  static boolean exists(Session session, String id) {
    return session
        .sql("SELECT count(*) > 0 FROM runs WHERE id = ?")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  static Optional<MaterializationStatus> status(Session session, PackageKey key, String id) {
    return one(session, "SELECT status", key, id)
        .query(String.class)
        .optional()
        .map(MaterializationStatus::valueOf);
  }

  static Optional<Materialization> find(Session session, PackageKey key, String id) {
    return one(session, "SELECT *", key, id).query((row, n) -> run(session, row)).optional();
  }

  private static StatementSpec one(Session session, String select, PackageKey key, String id) {
    return session
        .sql(select + " FROM runs WHERE id = ? AND project = ? AND package = ?")
        .param(id)
        .param(key.project().value())
        .param(key.name().value());
  }

  static long count(Session session, PackageKey key, @Nullable MaterializationStatus status) {
    String filter = status == null ? "" : " AND status = :status";
    StatementSpec statement =
        session.sql(
            key,
            "SELECT count(*) FROM runs WHERE project = :project AND package = :package" + filter);
    return (status == null ? statement : statement.param("status", status.name()))
        .query(Long.class)
        .single();
  }

  /** Of all packages. */
  static List<Materialization> running(Session session) {
    return session
        .sql("SELECT * FROM runs WHERE status = 'RUNNING'")
        .query((row, n) -> run(session, row))
        .list();
  }

  /** The ids of ended ones that aren't among the newest, nor the last that succeeded. */
  static List<String> old(Session session, PackageKey key, int newest) {
    String old =
        """
        SELECT id FROM runs
        WHERE project = :project AND package = :package
          AND status IN ('SUCCESS', 'FAILED', 'CANCELLED')
          AND id NOT IN (
            SELECT id FROM runs WHERE project = :project AND package = :package
            ORDER BY created_at DESC, id LIMIT :newest)
          AND id NOT IN (
            SELECT id FROM runs
            WHERE project = :project AND package = :package AND status = 'SUCCESS'
            ORDER BY completed_at DESC, id LIMIT 1)
        """;
    return session
        .sql(old)
        .param("project", key.project().value())
        .param("package", key.name().value())
        .param("newest", newest)
        .query((row, n) -> row.getString("id"))
        .list();
  }

  static Materialization run(Session session, ResultSet row) throws SQLException {
    String id = row.getString("id");
    var status = MaterializationStatus.valueOf(row.getString("status"));
    return new Materialization(
        id,
        PackageKey.of(row.getString("project"), row.getString("package")),
        new RunOptions(
            new Selection(
                Columns.values(row.getString("sources"), String[].class),
                row.getBoolean("force_refresh"),
                Freshness.valueOf(row.getString("freshness"))),
            row.getBoolean("auto_load"),
            row.getBoolean("fail_fast"),
            OnError.valueOf(row.getString("on_error"))),
        status,
        new Materialization.Times(
            Columns.instant(row, "created_at"),
            Columns.instant(row, "updated_at"),
            Columns.instantOrNull(row, "started_at"),
            Columns.instantOrNull(row, "completed_at")),
        new Materialization.Result(
            row.getString("error"),
            Columns.values(row.getString("problems"), Problem[].class),
            status == MaterializationStatus.PENDING ? List.of() : TargetRows.find(session, id),
            new Sweep(
                Columns.values(row.getString("dropped"), String[].class),
                Columns.values(row.getString("drop_errors"), String[].class)),
            Columns.valueOrNull(row.getString("planning"), PlanProgress.class)));
  }

  /** For whoever has claimed its package. */
  static void start(PackageLock lock, String id, Instant at) {
    String sql =
        """
        UPDATE runs SET status = 'RUNNING', started_at = ?, updated_at = ?
        WHERE id = ? AND status = 'PENDING'
        """;
    lock.session().sql(sql).param(Columns.time(at)).param(Columns.time(at)).param(id).update();
  }

  /** False, and nothing is changed, when its status isn't the one to go from. */
  static boolean end(PackageLock lock, String id, RunEnd end) {
    String sql =
        """
        UPDATE runs SET status = ?, completed_at = ?, updated_at = ?, error = ?, problems = ?
        WHERE id = ? AND status = ?
        """;
    int ended =
        lock.session()
            .sql(sql)
            .param(end.to().name())
            .param(Columns.time(end.at()))
            .param(Columns.time(end.at()))
            .param(end.error())
            .param(Columns.json(end.problems()))
            .param(id)
            .param(end.from().name())
            .update();
    if (ended > 1) {
      throw new IllegalStateException("%d runs have the id %s".formatted(ended, id));
    }
    return ended == 1;
  }

  static void planning(Session session, String id, PlanProgress progress) {
    session
        .sql("UPDATE runs SET planning = ? WHERE id = ? AND status = 'RUNNING'")
        .param(Columns.json(progress))
        .param(id)
        .update();
  }

  static void swept(Session session, String id, Sweep sweep) {
    session
        .sql("UPDATE runs SET dropped = ?, drop_errors = ? WHERE id = ?")
        .param(Columns.json(sweep.dropped()))
        .param(Columns.json(sweep.errors()))
        .param(id)
        .update();
  }

  static void remove(Session session, String id) {
    TargetRows.remove(session, id);
    session.sql("DELETE FROM runs WHERE id = ?").param(id).update();
  }

  static void removeAll(PackageLock lock) {
    TargetRows.removeAll(lock);
    lock.sql("DELETE FROM runs WHERE project = :project AND package = :package").update();
  }
}
