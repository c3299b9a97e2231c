package dev.ingot.engine.postgres;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Dataset;
import dev.ingot.engine.Engine;
import dev.ingot.engine.EngineColumn;
import dev.ingot.engine.GenerationNames;
import dev.ingot.engine.ReadFailed;
import dev.ingot.engine.TableName;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A PostgreSQL database as an engine. */
final class PostgresEngine implements Engine, AutoCloseable {

  /** PostgreSQL cuts longer names off, silently. */
  private static final int NAME_BYTES = 63;

  private static final Duration LOOK = Duration.ofMillis(50);

  private final PostgresDatabase database;
  private final PostgresColumns columns;
  private final PostgresTables tables;
  private final PostgresViews views;
  private final Semaphore queries;

  /**
   * @param most the most queries that have a session at once
   */
  PostgresEngine(PostgresDatabase database, int most) {
    this.database = database;
    queries = new Semaphore(most, true);
    columns = new PostgresColumns(database);
    tables = new PostgresTables(database);
    views = new PostgresViews(database);
  }

  PostgresDatabase database() {
    return database;
  }

  PostgresColumns columns() {
    return columns;
  }

  @Override
  public String databaseId() {
    return database.identity();
  }

  @Override
  public TableName resolve(List<String> segments) {
    return GenerationNames.resolve(segments, database.settings().tableSchema(), "PostgreSQL");
  }

  @Override
  public Optional<String> objection(TableName declared) {
    String schema = declared.schema().toLowerCase(Locale.ROOT);
    if (schema.startsWith("pg_") || schema.equals("information_schema")) {
      return Optional.of("the schema %s is PostgreSQL's own".formatted(declared.schema()));
    }
    return declared.parts().stream().anyMatch(part -> bytes(part) > NAME_BYTES)
        ? Optional.of("PostgreSQL's names have at most %d bytes".formatted(NAME_BYTES))
        : Optional.empty();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public TableName generationName(TableName declared, String suffix) {
    return GenerationNames.of(declared, suffix, NAME_BYTES);
  }

  @Override
  public List<EngineColumn> describeTable(String tablePath) {
    return columns.ofTable(tablePath);
  }

  @Override
  public List<EngineColumn> describeSelect(String select) {
    return columns.ofSelect(select);
  }

  @Override
  public long build(TableName table, String select, Owner owner, Cancellation cancellation) {
    return tables.build(table, select, owner, cancellation);
  }

  @Override
  public OptionalLong bytes(TableName table) {
    return tables.bytes(table);
  }

  @Override
  public Set<TableName> namedIn(String select) {
    return NamedRelations.of(database, select);
  }

  @Override
  public Dataset dataset(TableName table) {
    return Dataset.ofPostgres(database.settings(), table.schema(), table.name());
  }

  @Override
  public Set<Dataset> datasetsIn(String select) {
    return namedIn(select).stream().map(this::dataset).collect(Collectors.toSet());
  }

  /**
   * Whether the rows of a table are others is nothing that PostgreSQL can tell cheaply and truly.
   */
  @Override
  public Map<String, String> data(String select) {
    return Map.of();
  }

  /** Nothing that is cheap would be true. */
  @Override
  public boolean tellsData(String select) {
    return false;
  }

  @Override
  public Optional<String> dataChange(String name, String recorded) {
    return Optional.empty();
  }

  @Override
  public Set<TableName> existing(Collection<TableName> names) {
    return tables.existing(names);
  }

  @Override
  public Set<TableName> built(Map<TableName, String> marks) {
    return tables.built(marks);
  }

  /** The tables are readable as they are. */
  @Override
  public void attach(Map<TableName, String> marks) {}

  @Override
  public Set<TableName> occupied(Collection<TableName> names) {
    return views.occupied(names);
  }

  @Override
  public Map<TableName, String> publishViews(
      Map<TableName, TableName> wanted, Collection<TableName> removed, String owner) {
    return views.publish(wanted, removed, owner);
  }

  @Override
  public void drop(TableName table, String mark) {
    tables.drop(table, mark);
  }

  @Override
  public void disown(Collection<TableName> names) {
    tables.disown(names);
  }

  /** PostgreSQL gives back by itself what is dropped. */
  @Override
  public boolean checkpoint() {
    return true;
  }

  @Override
  public <T> T query(String select, Cancellation cancellation, RowReader<T> reader) {
    String sql = SingleStatement.require(select);
    takePlace(cancellation);
    try {
      return database.read(connection -> {
        try (Statement statement = PostgresDatabase.plain(connection)) {
          return PostgresDatabase.cancellable(
              connection, cancellation, c -> read(statement, sql, cancellation, reader));
        }
      });
    } finally {
      queries.release();
    }
  }

  /** Waits until there is one, or somebody has no more time for it. */
  private void takePlace(Cancellation cancellation) {
    try {
      do {
        cancellation.requireNone();
      } while (!queries.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("Interrupted while it waited for a session", e);
    }
  }

  private static <T> T read(
      Statement statement, String sql, Cancellation cancellation, RowReader<T> reader)
      throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return reader.read(new PostgresRows(rows, cancellation));
    } catch (ReadFailed e) {
      throw e.failure();
    }
  }

  /** What PostgreSQL's functions depend on can't be told from a plan. */
  @Override
  public Optional<Set<TableName>> repeatable(String select, Cancellation cancellation) {
    return Optional.empty();
  }

  @Override
  public void close() {
    database.close();
  }
}
