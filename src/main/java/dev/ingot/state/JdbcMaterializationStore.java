package dev.ingot.state;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
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

/**
 * Runs in the home of their project. A package that has a row in {@code running} has a RUNNING run.
 *
 * <p>A run is claimed once, so its id is the token that fences its publication: who takes over from
 * it removes its row in {@code running}, and the last statement of a publication is that this very
 * row was there and will hold until the commit.
 */
@Repository
class JdbcMaterializationStore implements MaterializationStore {

  static final String LOST = "worker_lost";

  private final Homes homes;

  JdbcMaterializationStore(Homes homes) {
    this.homes = homes;
  }

  /** Thrown to roll back a publication that came too late. */
  private static final class Fenced extends RuntimeException {}

  @Override
  public void insert(Materialization run) {
    String sql =
        """
        INSERT INTO runs (id, project, package, status, force_refresh, auto_load, fail_fast,
          sources, created_at, updated_at, problems)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')
        """;
    ControlHome home = homes.of(run.key());
    home.change(() ->
        home.client()
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
  public void adopt(List<Materialization> history) {
    String ended =
        """
        UPDATE runs SET status = ?, updated_at = ?, started_at = ?, completed_at = ?, error = ?,
          problems = ?, dropped = ?, drop_errors = ?
        WHERE id = ?
        """;
    for (Materialization run : history) {
      ControlHome home = homes.of(run.key());
      home.change(() -> {
        if (exists(home, run.id())) {
          return;
        }
        insert(run);
        home.client()
            .sql(ended)
            .param(run.status().name())
            .param(Columns.time(run.updatedAt()))
            .param(Columns.time(run.startedAt()))
            .param(Columns.time(run.completedAt()))
            .param(run.error())
            .param(Columns.json(run.problems()))
            .param(Columns.json(run.sweep().dropped()))
            .param(Columns.json(run.sweep().errors()))
            .param(run.id())
            .update();
        if (!run.targets().isEmpty()) {
          write(home, run.id(), run.targets());
        }
      });
    }
  }

  @Override
  public void erase(PackageKey key, Instant at) {
    ControlHome home = homes.of(key);
    home.alone(
        key,
        () -> {
          running(home, key)
              .ifPresent(run -> {
                throw new Fault(
                    FaultCode.PACKAGE_BUSY,
                    "Package %s has a RUNNING materialization: stop it or wait for it"
                        .formatted(key));
              });
          var versions = new VersionRows(home, key);
          long last = versions.current();
          if (last > 0) {
            versions.insert(
                new ManifestVersion(key, last + 1, new Cause.Teardown(), at, List.of()), "", true);
          }
          for (String sql :
              List.of(
                  "DELETE FROM run_targets WHERE run IN (SELECT id FROM runs WHERE project = ? AND package = ?)",
                  "DELETE FROM runs WHERE project = ? AND package = ?",
                  """
                  DELETE FROM versions WHERE project = ? AND package = ?
                    AND version < (SELECT c.version FROM current_versions c
                      WHERE c.project = versions.project AND c.package = versions.package)
                  """)) {
            home.client().sql(sql).param(key.project().value()).param(key.name().value()).update();
          }
          return key;
        });
  }

  @Override
  public Optional<Materialization> find(PackageKey key, String id) {
    return find(homes.of(key), key, id);
  }

  @Override
  public Optional<MaterializationStatus> status(PackageKey key, String id) {
    return status(homes.of(key), key, id);
  }

  private static Optional<MaterializationStatus> status(
      ControlHome home, PackageKey key, String id) {
    return one(home, "SELECT status", key, id)
        .query(String.class)
        .optional()
        .map(MaterializationStatus::valueOf);
  }

  private static Optional<Materialization> find(ControlHome home, PackageKey key, String id) {
    return one(home, "SELECT *", key, id).query((row, n) -> run(home, row)).optional();
  }

  private static JdbcClient.StatementSpec one(
      ControlHome home, String select, PackageKey key, String id) {
    return home.client()
        .sql(select + " FROM runs WHERE id = ? AND project = ? AND package = ?")
        .param(id)
        .param(key.project().value())
        .param(key.name().value());
  }

  @Override
  public List<Materialization> list(
      PackageKey key, @Nullable MaterializationStatus status, int limit, int offset) {
    return filtered(
            "SELECT *", key, status, "ORDER BY created_at DESC, id LIMIT :limit OFFSET :offset")
        .param("limit", limit)
        .param("offset", offset)
        .query((row, n) -> run(homes.of(key), row))
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
        homes
            .of(key)
            .client()
            .sql(
                "%s FROM runs WHERE project = :project AND package = :package%s %s"
                    .formatted(select, filter, end))
            .param("project", key.project().value())
            .param("package", key.name().value());
    return status == null ? statement : statement.param("status", status.name());
  }

  private static Materialization run(ControlHome home, ResultSet row) throws SQLException {
    String id = row.getString("id");
    var status = MaterializationStatus.valueOf(row.getString("status"));
    return new Materialization(
        id,
        PackageKey.of(row.getString("project"), row.getString("package")),
        status,
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
        status == MaterializationStatus.PENDING ? List.of() : targets(home, id),
        new Sweep(
            Columns.values(row.getString("dropped"), String[].class),
            Columns.values(row.getString("drop_errors"), String[].class)));
  }

  private static List<TargetReport> targets(ControlHome home, String id) {
    return home.client()
        .sql("SELECT report FROM run_targets WHERE run = ? ORDER BY place")
        .param(id)
        .query((row, n) -> Columns.value(row.getString("report"), TargetReport.class))
        .list();
  }

  @Override
  public Claim claim(PackageKey key, String id, Instant at) {
    ControlHome home = homes.of(key);
    return home.claim(key, id, () -> claim(home, key, id, at));
  }

  private static Claim claim(ControlHome home, PackageKey key, String id, Instant at) {
    Optional<Materialization> found = find(home, key, id);
    if (found.isEmpty()) {
      return new Claim.Unknown();
    }
    MaterializationStatus status = found.get().status();
    if (!status.mayBecome(MaterializationStatus.RUNNING)) {
      return new Claim.WrongState(status);
    }
    Optional<Running> other = running(home, key);
    if (other.isPresent()) {
      if (!other.get().expired()) {
        return new Claim.Busy(other.get().runId());
      }
      lose(home, key, other.get().runId(), at);
    }
    String take =
        """
        INSERT INTO running (project, package, run, holder, expires_at) VALUES (?, ?, ?, ?, %s)
        """
            .formatted(home.tenure().expiry());
    home.client()
        .sql(take)
        .param(key.project().value())
        .param(key.name().value())
        .param(id)
        .param(home.tenure().holder())
        .update();
    String sql =
        """
        UPDATE runs SET status = 'RUNNING', started_at = ?, updated_at = ?
        WHERE id = ? AND status = 'PENDING'
        """;
    home.client().sql(sql).param(Columns.time(at)).param(Columns.time(at)).param(id).update();
    return new Claim.Granted(found.get().started(at));
  }

  /** The run that has a package, and whether its server has let its time pass. */
  private record Running(String runId, boolean expired) {}

  private static Optional<Running> running(ControlHome home, PackageKey key) {
    String sql =
        """
        SELECT run, coalesce(expires_at < %s, false) AS expired FROM running
        WHERE project = ? AND package = ?
        """
            .formatted(home.tenure().now());
    return home.client()
        .sql(sql)
        .param(key.project().value())
        .param(key.name().value())
        .query((row, n) -> new Running(row.getString("run"), row.getBoolean("expired")))
        .optional();
  }

  private static boolean lose(ControlHome home, PackageKey key, String id, Instant at) {
    return end(
        home,
        key,
        id,
        MaterializationStatus.RUNNING,
        MaterializationStatus.FAILED,
        at,
        LOST,
        List.of(Problem.error(LOST, "The server ended while this ran; start another")));
  }

  @Override
  public boolean lose(PackageKey key, String id, Instant at) {
    ControlHome home = homes.of(key);
    return home.alone(key, () -> lose(home, key, id, at));
  }

  @Override
  public void report(
      PackageKey key, String id, List<TargetReport> targets, List<Generation> built) {
    ControlHome home = homes.of(key);
    home.change(() -> {
      // A run that was stopped may report its last after its record was deleted.
      if (!targets.isEmpty() && exists(home, id)) {
        write(home, id, targets);
      }
      built.forEach(generation -> finish(home, generation));
    });
  }

  private static boolean exists(ControlHome home, String id) {
    return home.client()
        .sql("SELECT count(*) > 0 FROM runs WHERE id = ?")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  /** In one statement: each would take as long as all. */
  private static void write(ControlHome home, String id, List<TargetReport> targets) {
    String sql =
        "INSERT INTO run_targets (run, build_id, place, report) VALUES "
            + String.join(", ", Collections.nCopies(targets.size(), "(?, ?, ?, ?)"));
    if (hasTargets(home, id)) {
      // In DuckDB it makes the statement take four times as long.
      sql += " ON CONFLICT (run, build_id) DO UPDATE SET report = excluded.report";
    }
    JdbcClient.StatementSpec statement = home.client().sql(sql);
    int place = 0;
    for (TargetReport target : targets) {
      statement =
          statement.param(id).param(target.buildId()).param(place++).param(Columns.json(target));
    }
    statement.update();
  }

  private static boolean hasTargets(ControlHome home, String id) {
    return home.client()
        .sql("SELECT count(*) > 0 FROM run_targets WHERE run = ?")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  private static void finish(ControlHome home, Generation generation) {
    home.client()
        .sql("UPDATE generations SET built_at = ?, row_count = ? WHERE id = ?")
        .param(Columns.time(generation.builtAt()))
        .param(generation.rows())
        .param(generation.id())
        .update();
  }

  @Override
  public boolean end(
      PackageKey key,
      String id,
      MaterializationStatus from,
      MaterializationStatus to,
      Instant at,
      @Nullable String error,
      List<Problem> problems) {
    ControlHome home = homes.of(key);
    return home.alone(key, () -> end(home, key, id, from, to, at, error, problems));
  }

  private static boolean end(
      ControlHome home,
      PackageKey key,
      String id,
      MaterializationStatus from,
      MaterializationStatus to,
      Instant at,
      @Nullable String error,
      List<Problem> problems) {
    boolean moved = move(home, id, from, to, at, error, problems);
    if (moved) {
      home.client().sql("DELETE FROM running WHERE run = ?").param(id).update();
      home.tell(new SharedEvent.Ended(key, id));
    }
    return moved;
  }

  private static boolean move(
      ControlHome home,
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
        home.client()
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
    return moved == 1;
  }

  @Override
  public Optional<Long> publish(
      Materialization run,
      @Nullable List<ManifestEntry> entries,
      Instant at,
      List<Problem> problems) {
    ControlHome home = homes.of(run.key());
    try {
      return home.settled(
          () -> {
            if (entries != null) {
              home.entries().append(run.key(), run.id(), VersionRows.rows(entries));
            }
            return home.alone(run.key(), () -> publish(home, run, entries, at, problems));
          },
          () -> outcome(home, run));
    } catch (Fenced tooLate) {
      return Optional.empty();
    }
  }

  /** What came of a publication whose answer was lost; empty when it was not done. */
  private static Optional<Optional<Long>> outcome(ControlHome home, Materialization run) {
    MaterializationStatus now =
        status(home, run.key(), run.id()).orElse(MaterializationStatus.FAILED);
    return switch (now) {
      case PENDING, RUNNING -> Optional.empty();
      case SUCCESS -> Optional.of(Optional.of(published(home, run)));
      case FAILED, CANCELLED -> Optional.of(Optional.empty());
    };
  }

  /** The version of a run that is SUCCESS, or the current one when it has none of its own. */
  private static long published(ControlHome home, Materialization run) {
    var versions = new VersionRows(home, run.key());
    return versions.publishedBy(run.id()).orElseGet(versions::current);
  }

  private static Optional<Long> publish(
      ControlHome home,
      Materialization run,
      @Nullable List<ManifestEntry> entries,
      Instant at,
      List<Problem> problems) {
    boolean moved =
        move(
            home,
            run.id(),
            MaterializationStatus.RUNNING,
            MaterializationStatus.SUCCESS,
            at,
            null,
            problems);
    if (!moved) {
      // An attempt before, whose commit had no answer, may have been done after it was looked for.
      return outcome(home, run).flatMap(done -> done);
    }
    var versions = new VersionRows(home, run.key());
    long number = versions.current();
    if (entries != null) {
      number++;
      versions.insert(
          new ManifestVersion(run.key(), number, new Cause.Run(run.id()), at, entries),
          run.id(),
          run.options().autoLoadManifest());
    }
    release(home, run);
    return Optional.of(number);
  }

  /** The fence; nothing comes between this and the commit. */
  private static void release(ControlHome home, Materialization run) {
    home.tell(new SharedEvent.Ended(run.key(), run.id()));
    String sql =
        """
        DELETE FROM running
        WHERE run = ? AND holder = ? AND coalesce(expires_at > %s, true)
        """
            .formatted(home.tenure().safe());
    int released = home.client().sql(sql).param(run.id()).param(home.tenure().holder()).update();
    if (released != 1) {
      throw new Fenced();
    }
  }

  @Override
  public boolean publish(ManifestVersion next, Set<MaterializationStatus> unless) {
    ControlHome home = homes.of(next.key());
    return home.alone(
        next.key(),
        () -> {
          boolean blocked = unless.stream().anyMatch(status -> count(next.key(), status) > 0);
          var versions = new VersionRows(home, next.key());
          Optional<String> content =
              switch (next.cause()) {
                case Cause.Run run -> throw new IllegalArgumentException("a run publishes itself");
                case Cause.Rollback(long restored) -> versions.content(restored);
                case Cause.Teardown teardown -> Optional.of("");
              };
          if (blocked || content.isEmpty() || versions.current() + 1 != next.number()) {
            return false;
          }
          versions.insert(next, content.get(), true);
          return true;
        });
  }

  @Override
  public void swept(PackageKey key, String id, Sweep sweep) {
    ControlHome home = homes.of(key);
    home.change(() ->
        home.client()
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
    ControlHome home = homes.of(key);
    home.change(() ->
        home.client()
            .sql(old)
            .param("project", key.project().value())
            .param("package", key.name().value())
            .param("newest", newest)
            .query(String.class)
            .list()
            .forEach(id -> remove(home, id)));
  }

  private static void remove(ControlHome home, String id) {
    home.client().sql("DELETE FROM run_targets WHERE run = ?").param(id).update();
    home.client().sql("DELETE FROM runs WHERE id = ?").param(id).update();
  }

  @Override
  public boolean delete(PackageKey key, String id) {
    ControlHome home = homes.of(key);
    return home.write(() -> {
      boolean ended = status(home, key, id).filter(MaterializationStatus::isTerminal).isPresent();
      if (ended) {
        remove(home, id);
      }
      return ended;
    });
  }

  @Override
  public List<Materialization> running() {
    ControlHome home = homes.local();
    return home.client()
        .sql("SELECT * FROM runs WHERE status = 'RUNNING'")
        .query((row, n) -> run(home, row))
        .list();
  }
}
