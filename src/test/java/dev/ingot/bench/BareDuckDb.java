package dev.ingot.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** A run's statements on DuckDB over JDBC, with nothing around them. */
final class BareDuckDb implements AutoCloseable {

  private final DuckDBConnection root;

  private BareDuckDb(DuckDBConnection root) {
    this.root = root;
  }

  /**
   * @param settings values by name, as {@code duckdb_settings()} has them
   */
  static BareDuckDb open(Path file, Path data, Map<String, String> settings) throws SQLException {
    var root = DriverManager.getConnection("jdbc:duckdb:" + file).unwrap(DuckDBConnection.class);
    try (Statement statement = root.createStatement()) {
      for (Map.Entry<String, String> setting : settings.entrySet()) {
        statement.execute("SET GLOBAL %s='%s'".formatted(setting.getKey(), setting.getValue()));
      }
      statement.execute(
          "CREATE VIEW \"%s\" AS FROM '%s'"
              .formatted(GeneratedPackage.DATA, data.resolve(GeneratedPackage.DATA)));
    }
    return new BareDuckDb(root);
  }

  /** Builds the tables, so many at once, each after those it reads and the longest chain first. */
  Duration build(List<Run.Target> targets, int atOnce)
      throws ExecutionException, InterruptedException {
    var work = new Work(targets);
    try (var pool = Executors.newFixedThreadPool(atOnce)) {
      long before = System.nanoTime();
      var workers = new ArrayList<Future<?>>();
      for (int i = 0; i < atOnce; i++) {
        workers.add(
            pool.submit(() -> {
              for (var next = work.take(); next != null; next = work.take()) {
                create(next);
                work.done(next);
              }
              return null;
            }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
      return Duration.ofNanos(System.nanoTime() - before);
    }
  }

  private void create(Run.Target target) throws SQLException {
    try (Connection connection = root.duplicate();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + target.table() + " AS " + target.sql());
    }
  }

  /** Reads every value of a result, on a connection that is kept. */
  void query(String sql) throws SQLException {
    try (Statement statement = root.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int column = 1; column <= columns; column++) {
          rows.getObject(column);
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    root.close();
  }

  /** What is still to be built. */
  private static final class Work {
    private final List<Run.Target> waiting;
    private final Set<String> missing = new HashSet<>();

    Work(List<Run.Target> targets) {
      Map<String, Integer> chain = new HashMap<>();
      for (Run.Target target : targets.reversed()) {
        int behind = chain.getOrDefault(target.buildId(), 0);
        target.reads().forEach(read -> chain.merge(read, behind + 1, Math::max));
        missing.add(target.buildId());
      }
      waiting = new ArrayList<>(targets);
      waiting.sort(Comparator.comparingInt(target -> -chain.getOrDefault(target.buildId(), 0)));
    }

    synchronized Run.@Nullable Target take() throws InterruptedException {
      while (!waiting.isEmpty()) {
        for (Run.Target target : waiting) {
          if (target.reads().stream().noneMatch(missing::contains)) {
            waiting.remove(target);
            return target;
          }
        }
        wait();
      }
      return null;
    }

    synchronized void done(Run.Target target) {
      missing.remove(target.buildId());
      notifyAll();
    }
  }
}
