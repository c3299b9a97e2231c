package dev.ingot.state.store;

import dev.ingot.fault.Problem;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.RunEnd;
import dev.ingot.materialization.RunOptions;
import dev.ingot.materialization.Sweep;
import dev.ingot.materialization.TargetReport;
import dev.ingot.plan.Selection;
import dev.ingot.project.PackageKey;
import dev.ingot.state.Columns;
import dev.ingot.state.ControlHome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Runs and their targets' reports as rows of one home; its caller owns the transaction. */
final class RunRows {

  private final ControlHome home;

  RunRows(ControlHome home) {
    this.home = home;
  }

  private JdbcClient.StatementSpec sql(String sql) {
    return home.client().sql(sql);
  }

  void insert(Materialization run) {
    String sql =
        """
        INSERT INTO runs (id, project, package, status, force_refresh, auto_load, fail_fast,
          sources, created_at, updated_at, problems)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')
        """;
    sql(sql)
        .param(run.id())
        .param(run.key().project().value())
        .param(run.key().name().value())
        .param(run.status().name())
        .param(run.options().forceRefresh())
        .param(run.options().autoLoadManifest())
        .param(run.options().failFast())
        .param(Columns.json(run.options().selection().sources()))
        .param(Columns.time(run.createdAt()))
        .param(Columns.time(run.updatedAt()))
        .update();
  }

  /** One that came about in another home, with all that is known of it. */
  void insertWhole(Materialization run) {
    insert(run);
    String rest =
        """
        UPDATE runs SET started_at = ?, completed_at = ?, error = ?, problems = ?, dropped = ?,
          drop_errors = ?
        WHERE id = ?
        """;
    sql(rest)
        .param(Columns.time(run.startedAt()))
        .param(Columns.time(run.completedAt()))
        .param(run.error())
        .param(Columns.json(run.problems()))
        .param(Columns.json(run.sweep().dropped()))
        .param(Columns.json(run.sweep().errors()))
        .param(run.id())
        .update();
    if (!run.targets().isEmpty()) {
      report(run.id(), run.targets());
    }
  }

  boolean exists(String id) {
    return sql("SELECT count(*) > 0 FROM runs WHERE id = ?")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  Optional<MaterializationStatus> status(PackageKey key, String id) {
    return one("SELECT status", key, id)
        .query(String.class)
        .optional()
        .map(MaterializationStatus::valueOf);
  }

  Optional<Materialization> find(PackageKey key, String id) {
    return one("SELECT *", key, id).query((row, n) -> run(row)).optional();
  }

  private JdbcClient.StatementSpec one(String select, PackageKey key, String id) {
    return sql(select + " FROM runs WHERE id = ? AND project = ? AND package = ?")
        .param(id)
        .param(key.project().value())
        .param(key.name().value());
  }

  /** Newest first. */
  List<Materialization> list(
      PackageKey key, @Nullable MaterializationStatus status, int limit, int offset) {
    return filtered(
            "SELECT *", key, status, "ORDER BY created_at DESC, id LIMIT :limit OFFSET :offset")
        .param("limit", limit)
        .param("offset", offset)
        .query((row, n) -> run(row))
        .list();
  }

  long count(PackageKey key, @Nullable MaterializationStatus status) {
    return filtered("SELECT count(*)", key, status, "").query(Long.class).single();
  }

  private JdbcClient.StatementSpec filtered(
      String select, PackageKey key, @Nullable MaterializationStatus status, String end) {
    String filter = status == null ? "" : " AND status = :status";
    JdbcClient.StatementSpec statement =
        sql("%s FROM runs WHERE project = :project AND package = :package%s %s"
                .formatted(select, filter, end))
            .param("project", key.project().value())
            .param("package", key.name().value());
    return status == null ? statement : statement.param("status", status.name());
  }

  /** Of all packages. */
  List<Materialization> running() {
    return sql("SELECT * FROM runs WHERE status = 'RUNNING'").query((row, n) -> run(row)).list();
  }

  /** The ids of ended ones that aren't among the newest, nor the last that succeeded. */
  List<String> old(PackageKey key, int newest) {
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
    return sql(old)
        .param("project", key.project().value())
        .param("package", key.name().value())
        .param("newest", newest)
        .query((row, n) -> row.getString("id"))
        .list();
  }

  private Materialization run(ResultSet row) throws SQLException {
    String id = row.getString("id");
    var status = MaterializationStatus.valueOf(row.getString("status"));
    return new Materialization(
        id,
        PackageKey.of(row.getString("project"), row.getString("package")),
        new RunOptions(
            new Selection(
                Columns.values(row.getString("sources"), String[].class),
                row.getBoolean("force_refresh")),
            row.getBoolean("auto_load"),
            row.getBoolean("fail_fast")),
        status,
        new Materialization.Times(
            Columns.instant(row, "created_at"),
            Columns.instant(row, "updated_at"),
            Columns.instantOrNull(row, "started_at"),
            Columns.instantOrNull(row, "completed_at")),
        new Materialization.Result(
            row.getString("error"),
            Columns.values(row.getString("problems"), Problem[].class),
            status == MaterializationStatus.PENDING ? List.of() : targets(id),
            new Sweep(
                Columns.values(row.getString("dropped"), String[].class),
                Columns.values(row.getString("drop_errors"), String[].class))));
  }

  private List<TargetReport> targets(String id) {
    return sql("SELECT report FROM run_targets WHERE run = ? ORDER BY place")
        .param(id)
        .query((row, n) -> Columns.value(row.getString("report"), TargetReport.class))
        .list();
  }

  /** In one statement: each would take as long as all. */
  void report(String id, List<TargetReport> targets) {
    String sql =
        "INSERT INTO run_targets (run, build_id, place, report) VALUES "
            + String.join(", ", Collections.nCopies(targets.size(), "(?, ?, ?, ?)"));
    if (hasTargets(id)) {
      // In DuckDB it makes the statement take four times as long.
      sql += " ON CONFLICT (run, build_id) DO UPDATE SET report = excluded.report";
    }
    JdbcClient.StatementSpec statement = sql(sql);
    int place = 0;
    for (TargetReport target : targets) {
      statement =
          statement.param(id).param(target.buildId()).param(place++).param(Columns.json(target));
    }
    statement.update();
  }

  private boolean hasTargets(String id) {
    return sql("SELECT count(*) > 0 FROM run_targets WHERE run = ?")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  /** For whoever has claimed its package. */
  void start(String id, Instant at) {
    String sql =
        """
        UPDATE runs SET status = 'RUNNING', started_at = ?, updated_at = ?
        WHERE id = ? AND status = 'PENDING'
        """;
    sql(sql).param(Columns.time(at)).param(Columns.time(at)).param(id).update();
  }

  /** False, and nothing is changed, when its status isn't the one to go from. */
  boolean end(String id, RunEnd end) {
    String sql =
        """
        UPDATE runs SET status = ?, completed_at = ?, updated_at = ?, error = ?, problems = ?
        WHERE id = ? AND status = ?
        """;
    int ended =
        sql(sql)
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

  void swept(String id, Sweep sweep) {
    sql("UPDATE runs SET dropped = ?, drop_errors = ? WHERE id = ?")
        .param(Columns.json(sweep.dropped()))
        .param(Columns.json(sweep.errors()))
        .param(id)
        .update();
  }

  void remove(String id) {
    sql("DELETE FROM run_targets WHERE run = ?").param(id).update();
    sql("DELETE FROM runs WHERE id = ?").param(id).update();
  }

  /** Removes all of a package. */
  void removeAll(PackageKey key) {
    for (String sql :
        List.of(
            "DELETE FROM run_targets WHERE run IN (SELECT id FROM runs WHERE project = ? AND package = ?)",
            "DELETE FROM runs WHERE project = ? AND package = ?")) {
      sql(sql).param(key.project().value()).param(key.name().value()).update();
    }
  }
}
