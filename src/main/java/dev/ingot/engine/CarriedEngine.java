package dev.ingot.engine;

import dev.ingot.telemetry.Activity;
import dev.ingot.telemetry.Telemetry;
import dev.ingot.threads.PlatformCalls;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * An engine whose calls hold their thread's carrier, as those of a native driver do, for callers on
 * whatever thread. Builds have threads of their own, as many as the connection builds at once: so
 * however many of them run or wait, queries and the rest find a place, and the other way round. A
 * query has a thread for itself, because its caller leaves it there when it doesn't end.
 */
public final class CarriedEngine implements Engine, AutoCloseable {

  private final Engine engine;
  private final PlatformCalls builds;
  private final PlatformCalls queries;
  private final PlatformCalls others;
  private final String kind;
  private final Telemetry telemetry;

  /**
   * @param kind of the engine, in a word
   * @param name of the threads, after that
   * @param limit the most builds at once
   */
  public CarriedEngine(Engine engine, String kind, String name, int limit, Telemetry telemetry) {
    this.engine = engine;
    this.kind = kind;
    this.telemetry = telemetry;
    String threads = kind + "-" + name;
    builds = new PlatformCalls(threads + "-build", limit);
    queries = PlatformCalls.unbounded(threads + "-query");
    others =
        new PlatformCalls(threads, Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
  }

  private static <T> T open(Supplier<T> call) {
    try {
      return call.get();
    } catch (RejectedExecutionException e) {
      throw new ClosedException("the database was closed", e);
    }
  }

  private Telemetry.Doing statement(String operation) {
    return telemetry.begin(Activity.STATEMENT, kind, operation);
  }

  private <T> T watched(String operation, Supplier<T> call) {
    try (Telemetry.Doing statement = statement(operation)) {
      return carried(call);
    }
  }

  private <T> T carried(Supplier<T> call) {
    return open(() -> others.call(call::get));
  }

  @Override
  public String databaseId() {
    return watched("identify", engine::databaseId);
  }

  @Override
  public TableName resolve(List<String> segments) {
    return engine.resolve(segments);
  }

  @Override
  public Optional<String> objection(TableName declared) {
    return engine.objection(declared);
  }

  @Override
  public TableName generationName(TableName declared, String suffix) {
    return engine.generationName(declared, suffix);
  }

  @Override
  public List<EngineColumn> describeTable(String tablePath) {
    return watched("describe", () -> engine.describeTable(tablePath));
  }

  @Override
  public List<EngineColumn> describeSelect(String select) {
    return watched("describe", () -> engine.describeSelect(select));
  }

  @Override
  public long build(TableName table, String select, Owner owner, Cancellation cancellation) {
    try (Telemetry.Doing statement = statement("build")) {
      return open(
          () -> cancellation.call(builds, () -> engine.build(table, select, owner, cancellation)));
    }
  }

  @Override
  public OptionalDouble progress(TableName table) {
    return carried(() -> engine.progress(table));
  }

  @Override
  public OptionalLong bytes(TableName table) {
    return watched("look_up", () -> engine.bytes(table));
  }

  @Override
  public Set<TableName> namedIn(String select) {
    return watched("examine", () -> engine.namedIn(select));
  }

  @Override
  public Dataset dataset(TableName table) {
    return engine.dataset(table);
  }

  @Override
  public Set<Dataset> datasetsIn(String select) {
    return watched("examine", () -> engine.datasetsIn(select));
  }

  @Override
  public Map<String, String> data(String select) {
    return watched("examine", () -> engine.data(select));
  }

  @Override
  public boolean tellsData(String select) {
    return watched("examine", () -> engine.tellsData(select));
  }

  @Override
  public Optional<String> dataChange(String name, String recorded) {
    return watched("examine", () -> engine.dataChange(name, recorded));
  }

  @Override
  public Set<TableName> existing(Collection<TableName> names) {
    return watched("look_up", () -> engine.existing(names));
  }

  @Override
  public Set<TableName> built(Map<TableName, String> marks) {
    return watched("look_up", () -> engine.built(marks));
  }

  @Override
  public void attach(Map<TableName, String> marks) {
    watched(
        "attach",
        () -> {
          engine.attach(marks);
          return true;
        });
  }

  @Override
  public Set<TableName> occupied(Collection<TableName> names) {
    return watched("look_up", () -> engine.occupied(names));
  }

  @Override
  public Map<TableName, String> publishViews(
      Map<TableName, TableName> views, Collection<TableName> removed, String owner) {
    return watched("publish_views", () -> engine.publishViews(views, removed, owner));
  }

  @Override
  public void drop(TableName table, String mark) {
    watched(
        "drop",
        () -> {
          engine.drop(table, mark);
          return true;
        });
  }

  @Override
  public void disown(Collection<TableName> names) {
    watched(
        "disown",
        () -> {
          engine.disown(names);
          return true;
        });
  }

  @Override
  public boolean checkpoint() {
    return watched("checkpoint", engine::checkpoint);
  }

  @Override
  public <T> T query(String select, Cancellation cancellation, RowReader<T> reader) {
    try (Telemetry.Doing statement = statement("query")) {
      return open(
          () -> cancellation.call(queries, () -> engine.query(select, cancellation, reader)));
    }
  }

  @Override
  public Optional<Set<TableName>> repeatable(String select, Cancellation cancellation) {
    try (Telemetry.Doing statement = statement("examine")) {
      return open(() -> cancellation.call(queries, () -> engine.repeatable(select, cancellation)));
    }
  }

  /** Once the database is closed: what comes now is told so. */
  @Override
  public void close() {
    builds.close();
    queries.close();
    others.close();
  }
}
