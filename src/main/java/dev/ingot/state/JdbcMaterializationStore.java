package dev.ingot.state;

import dev.ingot.fault.Problem;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.MaterializationStore;
import dev.ingot.materialization.RunOptions;
import dev.ingot.materialization.Sweep;
import dev.ingot.materialization.TargetReport;
import dev.ingot.plan.Selection;
import dev.ingot.project.PackageKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Runs in the state file. A package that has a row in {@code running} has a RUNNING run. */
@Repository
class JdbcMaterializationStore implements MaterializationStore {

  private final StateDatabase state;
  private final VersionRows versions;

  JdbcMaterializationStore(StateDatabase state) {
    this.state = state;
    versions = new VersionRows(state.client());
  }

  @Override
  public void insert(Materialization run) {
    String sql =
        """
        INSERT INTO runs (id, project, package, status, force_refresh, auto_load, fail_fast,
          sources, created_at, updated_at, problems)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')
        """;
    state.change(() ->
        state
            .client()
            .sql(sql)
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
            .update());
  }

  @Override
  public Optional<Materialization> find(PackageKey key, String id) {
    return state
        .client()
        .sql("SELECT * FROM runs WHERE id = ? AND project = ? AND package = ?")
        .param(id)
        .param(key.project().value())
        .param(key.name().value())
        .query(this::run)
        .optional();
  }

  @Override
  public List<Materialization> list(
      PackageKey key, @Nullable MaterializationStatus status, int limit, int offset) {
    return filtered(
            "SELECT *", key, status, "ORDER BY created_at DESC, id LIMIT :limit OFFSET :offset")
        .param("limit", limit)
        .param("offset", offset)
        .query(this::run)
        .list();
  }

  @Override
  public long count(PackageKey key, @Nullable MaterializationStatus status) {
    return filtered("SELECT count(*)", key, status, "").query(Long.class).single();
  }

  private JdbcClient.StatementSpec filtered(
      String select, PackageKey key, @Nullable MaterializationStatus status, String end) {
    String filter = status == null ? "" : " AND status = :status";
    JdbcClient.StatementSpec statement =
        state
            .client()
            .sql(
                "%s FROM runs WHERE project = :project AND package = :package%s %s"
                    .formatted(select, filter, end))
            .param("project", key.project().value())
            .param("package", key.name().value());
    return status == null ? statement : statement.param("status", status.name());
  }

  private Materialization run(ResultSet row, int number) throws SQLException {
    String id = row.getString("id");
    return new Materialization(
        id,
        PackageKey.of(row.getString("project"), row.getString("package")),
        MaterializationStatus.valueOf(row.getString("status")),
        new RunOptions(
            new Selection(
                Columns.values(row.getString("sources"), String[].class),
                row.getBoolean("force_refresh")),
            row.getBoolean("auto_load"),
            row.getBoolean("fail_fast")),
        Columns.instant(row, "created_at"),
        Columns.instant(row, "updated_at"),
        Columns.instantOrNull(row, "started_at"),
        Columns.instantOrNull(row, "completed_at"),
        row.getString("error"),
        Columns.values(row.getString("problems"), Problem[].class),
        targets(id),
        new Sweep(
            Columns.values(row.getString("dropped"), String[].class),
            Columns.values(row.getString("drop_errors"), String[].class)));
  }

  private List<TargetReport> targets(String id) {
    return state
        .client()
        .sql("SELECT report FROM run_targets WHERE run = ? ORDER BY place")
        .param(id)
        .query((row, n) -> Columns.value(row.getString("report"), TargetReport.class))
        .list();
  }

  @Override
  public Claim claim(PackageKey key, String id, Instant at) {
    return state.write(() -> {
      Optional<Materialization> found = find(key, id);
      if (found.isEmpty()) {
        return new Claim.Unknown();
      }
      MaterializationStatus status = found.get().status();
      if (!status.mayBecome(MaterializationStatus.RUNNING)) {
        return new Claim.WrongState(status);
      }
      Optional<String> other = runningId(key);
      if (other.isPresent()) {
        return new Claim.Busy(other.get());
      }
      state
          .client()
          .sql("INSERT INTO running VALUES (?, ?, ?)")
          .param(key.project().value())
          .param(key.name().value())
          .param(id)
          .update();
      String sql =
          """
          UPDATE runs SET status = 'RUNNING', started_at = ?, updated_at = ?
          WHERE id = ? AND status = 'PENDING'
          """;
      state.client().sql(sql).param(Columns.time(at)).param(Columns.time(at)).param(id).update();
      return new Claim.Granted(find(key, id).orElseThrow());
    });
  }

  private Optional<String> runningId(PackageKey key) {
    return state
        .client()
        .sql("SELECT run FROM running WHERE project = ? AND package = ?")
        .param(key.project().value())
        .param(key.name().value())
        .query(String.class)
        .optional();
  }

  @Override
  public void report(String id, List<TargetReport> targets, List<Generation> built) {
    state.change(() -> {
      // A run that was stopped may report its last after its record was deleted.
      if (!targets.isEmpty() && exists(id)) {
        write(id, targets);
      }
      built.forEach(this::finish);
    });
  }

  private boolean exists(String id) {
    return state
        .client()
        .sql("SELECT count(*) > 0 FROM runs WHERE id = ?")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  /** In one statement: each would take as long as all. */
  private void write(String id, List<TargetReport> targets) {
    String sql =
        """
        INSERT INTO run_targets (run, build_id, place, report) VALUES %s
        ON CONFLICT (run, build_id) DO UPDATE SET report = excluded.report
        """
            .formatted(String.join(", ", Collections.nCopies(targets.size(), "(?, ?, ?, ?)")));
    JdbcClient.StatementSpec statement = state.client().sql(sql);
    int place = 0;
    for (TargetReport target : targets) {
      statement =
          statement.param(id).param(target.buildId()).param(place++).param(Columns.json(target));
    }
    statement.update();
  }

  private void finish(Generation generation) {
    state
        .client()
        .sql("UPDATE generations SET built_at = ?, row_count = ? WHERE id = ?")
        .param(Columns.time(generation.builtAt()))
        .param(generation.rows())
        .param(generation.id())
        .update();
  }

  @Override
  public boolean end(
      String id,
      MaterializationStatus from,
      MaterializationStatus to,
      Instant at,
      @Nullable String error,
      List<Problem> problems) {
    return state.write(() -> move(id, from, to, at, error, problems));
  }

  private boolean move(
      String id,
      MaterializationStatus from,
      MaterializationStatus to,
      Instant at,
      @Nullable String error,
      List<Problem> problems) {
    // RUNNING is taken by a claim alone, which takes the package with it.
    if (!from.mayBecome(to) || !to.isTerminal()) {
      throw new IllegalArgumentException("nothing ends by going from " + from + " to " + to);
    }
    String sql =
        """
        UPDATE runs SET status = ?, completed_at = ?, updated_at = ?, error = ?, problems = ?
        WHERE id = ? AND status = ?
        """;
    int moved =
        state
            .client()
            .sql(sql)
            .param(to.name())
            .param(Columns.time(at))
            .param(Columns.time(at))
            .param(error)
            .param(Columns.json(problems))
            .param(id)
            .param(from.name())
            .update();
    if (moved > 1) {
      throw new IllegalStateException("%d runs have the id %s".formatted(moved, id));
    }
    if (moved == 1) {
      state.client().sql("DELETE FROM running WHERE run = ?").param(id).update();
    }
    return moved == 1;
  }

  @Override
  public Optional<Long> publish(
      Materialization run,
      @Nullable List<ManifestEntry> entries,
      Instant at,
      List<Problem> problems) {
    return state.write(() -> {
      boolean moved =
          move(
              run.id(),
              MaterializationStatus.RUNNING,
              MaterializationStatus.SUCCESS,
              at,
              null,
              problems);
      if (!moved) {
        return Optional.empty();
      }
      long current = versions.current(run.key());
      if (entries == null) {
        return Optional.of(current);
      }
      versions.insert(
          new ManifestVersion(run.key(), current + 1, new Cause.Run(run.id()), at, entries));
      return Optional.of(current + 1);
    });
  }

  @Override
  public boolean publish(ManifestVersion next, Set<MaterializationStatus> unless) {
    return state.write(() -> {
      boolean blocked = unless.stream().anyMatch(status -> count(next.key(), status) > 0);
      if (blocked || versions.current(next.key()) + 1 != next.number()) {
        return false;
      }
      versions.insert(next);
      return true;
    });
  }

  @Override
  public void swept(String id, Sweep sweep) {
    state.change(() ->
        state
            .client()
            .sql("UPDATE runs SET dropped = ?, drop_errors = ? WHERE id = ?")
            .param(Columns.json(sweep.dropped()))
            .param(Columns.json(sweep.errors()))
            .param(id)
            .update());
  }

  @Override
  public void trim(PackageKey key, int newest) {
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
    state.change(() ->
        state
            .client()
            .sql(old)
            .param("project", key.project().value())
            .param("package", key.name().value())
            .param("newest", newest)
            .query(String.class)
            .list()
            .forEach(this::remove));
  }

  private void remove(String id) {
    state.client().sql("DELETE FROM run_targets WHERE run = ?").param(id).update();
    state.client().sql("DELETE FROM runs WHERE id = ?").param(id).update();
  }

  @Override
  public boolean delete(PackageKey key, String id) {
    return state.write(() -> {
      boolean ended = find(key, id).filter(run -> run.status().isTerminal()).isPresent();
      if (ended) {
        remove(id);
      }
      return ended;
    });
  }

  @Override
  public List<Materialization> running() {
    return state
        .client()
        .sql("SELECT * FROM runs WHERE status = 'RUNNING'")
        .query(this::run)
        .list();
  }
}
