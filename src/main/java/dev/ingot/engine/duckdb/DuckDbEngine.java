package dev.ingot.engine.duckdb;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Dataset;
import dev.ingot.engine.Engine;
import dev.ingot.engine.EngineColumn;
import dev.ingot.engine.GenerationNames;
import dev.ingot.engine.TableName;
import dev.ingot.project.PackageFolder;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A package's own DuckDB file as an engine. */
final class DuckDbEngine implements Engine, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DuckDbEngine.class);

  /** DuckDB has no limit; this keeps names readable and the same as on other engines. */
  private static final int NAME_BYTES = 63;

  private static final String OCCUPIED = "it is taken by what Ingot did not make";

  private static final Set<String> OWN_SCHEMAS = Set.of("information_schema", "pg_catalog");

  /** A schema of such a name can't be told from the database that has it. */
  private static final Set<String> DATABASES = Set.of("package", "system", "temp");

  private final DuckDbDatabase database;
  private final Definitions definitions;
  private final ShownViews views;
  private final TableStore tables;
  private final DataFileViews dataFiles;
  private final PackageSql sql;
  private final DataStates states;
  private final PackageQueries queries;
  private final DescribedColumns columns;
  private final DuckDbDatasets datasets;

  /** One whose generations are tables of the database. */
  DuckDbEngine(DuckDbDatabase database, Path folder) {
    this(database, folder, definitions -> new LocalTables(database, definitions));
  }

  /**
   * @param tables makes what keeps the generations
   */
  DuckDbEngine(DuckDbDatabase database, Path folder, Function<Definitions, TableStore> tables) {
    this.database = database;
    definitions = new Definitions(database);
    views = new ShownViews(definitions);
    this.tables = tables.apply(definitions);
    dataFiles = new DataFileViews(database, folder);
    sql = new PackageSql(database, dataFiles);
    states = new DataStates(database, dataFiles, sql);
    queries = new PackageQueries(database, this.tables::ofFile);
    columns = new DescribedColumns(database, dataFiles, sql);
    datasets = new DuckDbDatasets(database, dataFiles);
  }

  /** Every package has its own. */
  @Override
  public String databaseId() {
    return "duckdb";
  }

  DataFileViews dataFiles() {
    return dataFiles;
  }

  @Override
  public TableName resolve(List<String> segments) {
    return GenerationNames.resolve(segments, Definitions.DEFAULT_SCHEMA, "duckdb");
  }

  @Override
  public Optional<String> objection(TableName declared) {
    if (OWN_SCHEMAS.contains(declared.folded().schema())) {
      return Optional.of("the schema %s is DuckDB's own".formatted(declared.schema()));
    }
    if (isDatabase(declared.schema())) {
      return Optional.of("DuckDB takes the schema %s for a database".formatted(declared.schema()));
    }
    if (database.hardening().grants().database(declared.schema()).isPresent()) {
      return Optional.of(
          "the schema %s has the name of an attached database, which is only read"
              .formatted(declared.schema()));
    }
    boolean file =
        declared.name().contains("/")
            || PackageFolder.isDataFile(declared.name())
            || (!declared.schema().equals(Definitions.DEFAULT_SCHEMA)
                && PackageFolder.isDataFile(declared.schema() + "." + declared.name()));
    return file
        ? Optional.of("it reads as a file's path, which DuckDB would open instead of the table")
        : Optional.empty();
  }

  /** Whether nothing can be made in a schema of this name. */
  static boolean isTaken(String schema) {
    return isDatabase(schema) || OWN_SCHEMAS.contains(schema.toLowerCase(Locale.ROOT));
  }

  /** Whether a schema of this name can't be. */
  static boolean isDatabase(String schema) {
    return DATABASES.contains(schema.toLowerCase(Locale.ROOT));
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
    return columns.ofSelect(sql.runnable(select));
  }

  @Override
  public Set<TableName> namedIn(String select) {
    return NamedTables.of(database, select, Definitions.DEFAULT_SCHEMA);
  }

  @Override
  public Dataset dataset(TableName table) {
    return datasets.of(table);
  }

  @Override
  public Set<Dataset> datasetsIn(String select) {
    return datasets.readBy(select);
  }

  @Override
  public long build(TableName table, String select, Owner owner, Cancellation cancellation) {
    return withViews(() ->
        tables.build(table, DeepChains.cut(sql.runnable(select)), owner.mark(), cancellation));
  }

  @Override
  public OptionalDouble progress(TableName table) {
    return database.statements().progress(table.toString());
  }

  @Override
  public OptionalLong bytes(TableName table) {
    return tables.bytes(table);
  }

  @Override
  public Map<String, String> data(String select) {
    return states.of(select);
  }

  @Override
  public boolean tellsData(String select) {
    return states.tell(select);
  }

  @Override
  public Optional<String> dataChange(String name, String recorded) {
    return states.change(name, recorded);
  }

  @Override
  public Set<TableName> existing(Collection<TableName> names) {
    return tables.existing(names);
  }

  @Override
  public Set<TableName> built(Map<TableName, String> marks) {
    return tables.built(marks);
  }

  @Override
  public void attach(Map<TableName, String> marks) {
    tables.attach(marks);
  }

  @Override
  public Set<TableName> occupied(Collection<TableName> names) {
    return views.occupied(names);
  }

  @Override
  public Map<TableName, String> publishViews(
      Map<TableName, TableName> wanted, Collection<TableName> removed, String owner) {
    Set<TableName> occupied = views.publish(wanted, removed);
    tables.shown(wanted.values());
    var kept = new HashMap<TableName, String>();
    occupied.forEach(name -> kept.put(name, OCCUPIED));
    return kept;
  }

  @Override
  public void drop(TableName table, String mark) {
    // Its row must stay until then: what it leaves behind would be nobody's.
    database.statements().refuseDrop(table);
    tables.drop(table, mark);
  }

  @Override
  public void disown(Collection<TableName> names) {
    definitions.markChanged();
    definitions.define((connection, statement) -> {
      Map<TableName, Relation> there = Relation.all(statement);
      for (TableName name : names) {
        Relation relation = there.get(name.folded());
        if (relation != null && relation.mark().startsWith("ingot ")) {
          statement.execute(
              "COMMENT ON %s %s IS NULL".formatted(relation.view() ? "VIEW" : "TABLE", name.sql()));
        }
      }
      return true;
    });
  }

  @Override
  public boolean checkpoint() {
    if (!definitions.takeChanged()) {
      return true;
    }
    try {
      if (database.file().hasRoomForCheckpoint()) {
        database.use((connection, statement) -> statement.execute("CHECKPOINT"));
        return true;
      }
      definitions.markChanged();
      return false;
    } catch (EngineException busy) {
      // DuckDB refuses while anybody reads. Forcing it would end what they do.
      definitions.markChanged();
      log.debug("Not now: {}", busy.detail());
      return false;
    }
  }

  /** True when it has nothing but views that can be made again. */
  boolean isEmpty() {
    String others =
        """
        SELECT (SELECT count(*) FROM duckdb_sequences())
          + (SELECT count(*) FROM duckdb_types() WHERE NOT internal)
          + (SELECT count(*) FROM duckdb_functions()
             WHERE NOT internal AND database_name = current_database())
        """;
    return database.use((connection, statement) -> {
      try (ResultSet count = statement.executeQuery(others)) {
        count.next();
        if (count.getLong(1) > 0) {
          return false;
        }
      }
      return Relation.all(statement).values().stream().noneMatch(tables::isContent);
    });
  }

  @Override
  public <T> T query(String select, Cancellation cancellation, RowReader<T> reader) {
    return withViews(() -> queries.query(sql.runnable(select), cancellation, reader));
  }

  @Override
  public Optional<Set<TableName>> repeatable(String select, Cancellation cancellation) {
    return queries.repeatable(sql.runnable(select), cancellation);
  }

  /**
   * Once more when a data file had no view: it was away when the folder was read, and is there
   * again. What was compiled before doesn't ask for it. DuckDB says so before it has any row.
   */
  private <T> T withViews(Supplier<T> work) {
    try {
      return work.get();
    } catch (EngineException e) {
      if (DuckDbErrors.refusedFile(e).filter(dataFiles::isMadeAgain).isEmpty()) {
        throw e;
      }
      return work.get();
    }
  }

  DuckDbDatabase database() {
    return database;
  }

  /** Opens its database again, over another folder or with other grants. */
  void reopen(Hardening hardening, Path folder, List<String> files) {
    dataFiles.readFrom(hardening, folder, files);
    reopened();
  }

  /** Opens its database again, with other grants. */
  void reopen(Hardening hardening) {
    database.reopen(hardening, this::reopened);
  }

  private void reopened() {
    sql.reopened();
    states.reopened();
  }

  @Override
  public void close() {
    database.close();
    states.close();
  }
}
