package dev.ingot.engine.duckdb;

import static dev.ingot.engine.duckdb.DuckDbSql.literal;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.TableName;
import dev.ingot.engine.duckdb.Lake.TableFile;
import dev.ingot.engine.duckdb.ParquetFiles.Header;
import dev.ingot.fault.Fault;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Generations that are Parquet files, which every server of a shared project reads. In each
 * package's database a view with the generation's name stands for the file.
 *
 * <ol>
 *   <li>A build writes the file, which says in itself whose it is and what its columns are; then
 *       comes the view.
 *   <li>Servers that did not build it make their view when the table is to be read there.
 *   <li>When the declared names show the tables, the lake lists the files for everybody else. It is
 *       also what deletes them: DuckDB itself deletes nothing from a bucket.
 * </ol>
 */
final class ParquetTables implements TableStore {

  private static final Logger log = LoggerFactory.getLogger(ParquetTables.class);

  /** Of a view that stands for a file; the mark of its generation follows. */
  private static final String FILE_VIEW = "ingot file: ";

  private final ParquetFiles files;
  private final DuckDbDatabase database;
  private final Definitions definitions;
  private final Lake lake;

  /** What the lake is known to list. */
  private final Set<TableName> registered = ConcurrentHashMap.newKeySet();

  /** What the files of tables without a view here say. No name of a table is used twice. */
  private final Map<TableName, String> marks = new ConcurrentHashMap<>();

  /** Those that may be read here. */
  private final Map<String, TableName> byFile = new ConcurrentHashMap<>();

  private final AtomicBoolean tidied = new AtomicBoolean();

  ParquetTables(ParquetFiles files, DuckDbDatabase database, Definitions definitions, Lake lake) {
    this.files = files;
    this.database = database;
    this.definitions = definitions;
    this.lake = lake;
  }

  @Override
  public long build(TableName table, String select, String mark, Cancellation cancellation) {
    definitions.createSchema(table.schema());
    String file = files.path(table);
    TableShape shape =
        database.use((connection, statement) ->
            database
                .statements()
                .run(
                    table.toString(),
                    connection,
                    cancellation,
                    running -> TableShape.of(running, statement, select)));
    long rows = files.write(table, select, mark, shape, cancellation);
    try {
      show(table, new Header(mark, shape));
    } catch (RuntimeException e) {
      undo(new TableFile(table, file), e);
      throw e;
    }
    byFile.put(file, table);
    return rows;
  }

  @Override
  public OptionalLong bytes(TableName table) {
    return files.bytes(files.path(table));
  }

  private void undo(TableFile file, RuntimeException first) {
    try {
      lake.delete(files.folder().key(), file);
    } catch (RuntimeException e) {
      first.addSuppressed(e);
    }
  }

  /** Makes the view that stands for a file. */
  private void show(TableName table, Header header) {
    definitions.createSchema(table.schema());
    definitions.markChanged();
    definitions.define((connection, statement) -> {
      Relation there = Relation.all(statement).get(table.folded());
      if (there != null && !isFileView(there)) {
        throw new EngineException(
            "%s already exists".formatted(table), new IllegalStateException(there.mark()));
      }
      // A folder named year=2026 on the way to the file adds no column to it.
      statement.execute(
          "CREATE OR REPLACE VIEW %s AS SELECT %s FROM read_parquet(%s, hive_partitioning = false)"
              .formatted(table.sql(), header.shape().restored(), literal(files.path(table))));
      return statement.execute(
          "COMMENT ON VIEW %s IS %s".formatted(table.sql(), literal(FILE_VIEW + header.mark())));
    });
  }

  private static boolean isFileView(Relation relation) {
    return relation.view() && relation.mark().startsWith(FILE_VIEW);
  }

  /** Those whose file is there, with or without a view here; and what else has such a name. */
  @Override
  public Set<TableName> existing(Collection<TableName> names) {
    if (names.isEmpty()) {
      return Set.of();
    }
    Map<TableName, Relation> there = definitions.relations();
    Set<String> written = files.list();
    return names.stream()
        .filter(name -> exists(name, there.get(name.folded()), written))
        .collect(Collectors.toSet());
  }

  @Override
  public Set<TableName> built(Map<TableName, String> marks) {
    if (marks.isEmpty()) {
      return Set.of();
    }
    Map<TableName, Relation> there = definitions.relations();
    Set<String> written = files.list();
    return marks.keySet().stream()
        .filter(table -> written.contains(files.path(table)))
        .filter(table -> isBuilt(table, there.get(table.folded()), marks.getOrDefault(table, "")))
        .collect(Collectors.toSet());
  }

  private boolean isBuilt(TableName table, @Nullable Relation there, String mark) {
    return there == null ? said(table).equals(Optional.of(mark)) : isOwn(there, mark);
  }

  /** Makes the views of files that have none here, and drops those of files that are gone. */
  @Override
  public void attach(Map<TableName, String> marks) {
    if (marks.isEmpty()) {
      return;
    }
    Map<TableName, Relation> there = definitions.relations();
    Set<String> written = files.list();
    if (!tidied.getAndSet(true)) {
      tidy(there, written);
    }
    marks.forEach((table, mark) -> {
      String file = files.path(table);
      byFile.put(file, table);
      if (!there.containsKey(table.folded()) && written.contains(file)) {
        files
            .header(file)
            .filter(header -> header.mark().equals(mark))
            .ifPresent(header -> show(table, header));
      }
    });
  }

  /** The mark in a table's file; empty when there is none that Ingot wrote to its end. */
  private Optional<String> said(TableName table) {
    String known = marks.get(table);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<String> said = files.header(files.path(table)).map(Header::mark);
    said.ifPresent(mark -> marks.put(table, mark));
    return said;
  }

  private static boolean isOwn(@Nullable Relation there, String mark) {
    return there != null && isFileView(there) && there.mark().equals(FILE_VIEW + mark);
  }

  private boolean exists(TableName name, @Nullable Relation there, Set<String> written) {
    if (there == null) {
      return written.contains(files.path(name)) && said(name).isPresent();
    }
    if (isFileView(there)) {
      return written.contains(files.path(name));
    }
    // A generation of the time before the project was shared is no file that others read.
    return there.view() || !there.mark().startsWith("ingot ");
  }

  /** Before anything is served from it: the views of files that others dropped meanwhile go. */
  private void tidy(Map<TableName, Relation> there, Set<String> written) {
    Set<String> folded =
        written.stream().map(file -> file.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    List<TableName> stale =
        there.entrySet().stream()
            .filter(entry -> isFileView(entry.getValue()))
            .map(Map.Entry::getKey)
            .filter(name -> !folded.contains(files.path(name).toLowerCase(Locale.ROOT)))
            .toList();
    if (!stale.isEmpty()) {
      definitions.markChanged();
      definitions.define((connection, statement) -> {
        for (TableName name : stale) {
          statement.execute("DROP VIEW IF EXISTS " + name.sql());
        }
        return true;
      });
    }
  }

  @Override
  public void drop(TableName table, String mark) {
    String file = files.path(table);
    requireOwn(table, file, mark);
    definitions.markChanged();
    definitions.define((connection, statement) -> dropView(statement, table, mark));
    registered.remove(table);
    marks.remove(table);
    byFile.remove(file);
    lake.delete(files.folder().key(), new TableFile(table, file));
  }

  private void requireOwn(TableName table, String file, String mark) {
    if (!files.exists(file) || !files.isWhole(file)) {
      // The beginning of a file says nothing; nobody else writes under a generation's name.
      return;
    }
    String said = files.header(file).map(Header::mark).orElse("");
    if (!said.equals(mark)) {
      throw LocalTables.foreign(table, said);
    }
  }

  private static boolean dropView(Statement statement, TableName table, String mark)
      throws SQLException {
    Relation there = Relation.all(statement).get(table.folded());
    if (there == null || !isFileView(there)) {
      // A table of this name was built before the project was shared.
      return LocalTables.drop(statement, table, there, mark);
    }
    if (!isOwn(there, mark)) {
      throw LocalTables.foreign(table, there.mark());
    }
    return statement.execute("DROP VIEW " + table.sql());
  }

  @Override
  public Optional<TableName> ofFile(String file) {
    return Optional.ofNullable(byFile.get(file));
  }

  @Override
  public void shown(Collection<TableName> tables) {
    List<TableFile> fresh =
        tables.stream()
            .filter(table -> !registered.contains(table))
            .map(table -> new TableFile(table, files.path(table)))
            .toList();
    if (fresh.isEmpty()) {
      return;
    }
    try {
      lake.register(files.folder().key(), fresh);
      fresh.forEach(file -> registered.add(file.table()));
    } catch (Fault e) {
      // Nothing that Ingot answers needs it; the next time is soon enough.
      log.warn("The lake doesn't list the tables of {} yet: {}", files.folder().key(), e.detail());
    }
  }

  @Override
  public boolean isContent(Relation relation) {
    boolean again = isFileView(relation) || DataFileViews.isOwn(relation.mark());
    return !(relation.view() && again);
  }
}
