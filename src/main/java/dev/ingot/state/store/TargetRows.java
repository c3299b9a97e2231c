package dev.ingot.state.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ingot.materialization.TargetReport;
import dev.ingot.state.Columns;
import dev.ingot.state.ManyRows;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;
import java.util.ArrayList;
import java.util.List;

/** The rows of {@code run_targets}: what a run reports of its targets. */
final class TargetRows {

  /** In characters of their texts; a thousand targets take a tenth of it. */
  private static final int KNOWN = 8 << 20;

  /**
   * Reports by their text. Who watches a run reads the same of most of its targets at each look,
   * and a run that changes nothing says the same as the one before.
   */
  private static final Cache<String, TargetReport> READ =
      Caffeine.newBuilder()
          .maximumWeight(KNOWN)
          .weigher((String text, TargetReport report) -> text.length())
          .executor(Runnable::run)
          .build();

  private TargetRows() {}

  static List<TargetReport> find(Session session, String run) {
    return session
        .sql("SELECT report FROM run_targets WHERE run = ? ORDER BY place")
        .param(run)
        .query((row, n) ->
            READ.get(row.getString("report"), text -> Columns.value(text, TargetReport.class)))
        .list();
  }

  static void write(Session session, String run, List<TargetReport> targets) {
    var rows = new ArrayList<List<Object>>();
    for (TargetReport target : targets) {
      rows.add(List.of(run, target.buildId(), rows.size(), Columns.json(target)));
    }
    // In DuckDB it makes the statement take four times as long.
    String conflict =
        hasAny(session, run)
            ? "ON CONFLICT (run, build_id) DO UPDATE SET report = excluded.report"
            : "";
    String into = "INSERT INTO run_targets (run, build_id, place, report)";
    ManyRows.insert(session::sql, into, rows, conflict);
  }

  private static boolean hasAny(Session session, String run) {
    return session
        .sql("SELECT count(*) > 0 FROM run_targets WHERE run = ?")
        .param(run)
        .query(Boolean.class)
        .single();
  }

  static void remove(Session session, String run) {
    session.sql("DELETE FROM run_targets WHERE run = ?").param(run).update();
  }

  /** Of all runs of a package that are still on record. */
  static void removeAll(PackageLock lock) {
    String sql =
        """
        DELETE FROM run_targets WHERE run IN (
          SELECT id FROM runs WHERE project = :project AND package = :package)
        """;
    lock.sql(sql).update();
  }
}
