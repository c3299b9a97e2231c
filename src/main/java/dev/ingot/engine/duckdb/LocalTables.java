package dev.ingot.engine.duckdb;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Generations that are tables of the package's database. */
final class LocalTables implements TableStore {

  private static final String ROWS = "\"ingot rows\"";

  private final DuckDbDatabase database;
  private final Definitions definitions;

  LocalTables(DuckDbDatabase database, Definitions definitions) {
    this.database = database;
    this.definitions = definitions;
  }

  @Override
  public long build(TableName table, String select, String mark, Cancellation cancellation) {
    definitions.createSchema(table.schema());
    definitions.markChanged();
    try {
      return database.transactOnce((connection, statement) ->
          run(
              table,
              connection,
              cancellation,
              running -> create(running, statement, table, select, mark)));
    } catch (EngineException e) {
      if (!DuckDbErrors.severalStatements(e)) {
        throw e;
      }
      return buildByTheWay(table, select, mark, cancellation);
    }
  }

  private long run(
      TableName table, Connection connection, Cancellation cancellation, Statements.Work<Long> work)
      throws SQLException {
    return database.statements().run(table.toString(), connection, cancellation, work);
  }

  private static long create(
      Statements.Running running, Statement statement, TableName table, String select, String mark)
      throws SQLException {
    try (PreparedStatement planned =
        running.plan(
            "CREATE TABLE %s AS FROM (%s\n) WITH NO DATA".formatted(table.sql(), select))) {
      planned.execute();
    }
    WideNumbers.keepPlain(statement, table);
    running.execute("INSERT INTO %s %s".formatted(table.sql(), select));
    statement.execute("COMMENT ON TABLE " + table.sql() + " IS " + DuckDbSql.literal(mark));
    try (ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table.sql())) {
      count.next();
      return count.getLong(1);
    }
  }

  /**
   * DuckDB makes several statements of a PIVOT whose columns come from the data, and refuses them
   * in a transaction once its configuration is locked. So its rows go by way of a table that ends
   * with the connection.
   */
  private long buildByTheWay(
      TableName table, String select, String mark, Cancellation cancellation) {
    return database.useOnce((connection, statement) -> {
      long count =
          run(
              table,
              connection,
              cancellation,
              running -> {
                running.execute("CREATE TEMP TABLE " + ROWS + " AS " + select);
                connection.setAutoCommit(false);
                return create(running, statement, table, "FROM temp." + ROWS, mark);
              });
      connection.commit();
      return count;
    });
  }

  /**
   * By the blocks that its columns lie in; not while rows of it are only in the log, as those of a
   * small table are until the next checkpoint.
   */
  @Override
  public OptionalLong bytes(TableName table) {
    return database.look((connection, statement) -> {
      try (ResultSet row =
          statement.executeQuery(
              """
              SELECT CASE WHEN bool_and(persistent) THEN count(DISTINCT block) * any_value(size) END
              FROM (
                SELECT persistent, unnest(list_append(additional_block_ids, block_id)) AS block
                FROM pragma_storage_info(%s)),
                (SELECT block_size AS size FROM pragma_database_size())
              """
                  .formatted(DuckDbSql.literal(table.sql())))) {
        row.next();
        long bytes = row.getLong(1);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(bytes);
      }
    });
  }

  @Override
  public Set<TableName> existing(Collection<TableName> names) {
    if (names.isEmpty()) {
      return Set.of();
    }
    Set<TableName> there = definitions.relations().keySet();
    return names.stream().filter(name -> there.contains(name.folded())).collect(Collectors.toSet());
  }

  @Override
  public Set<TableName> built(Map<TableName, String> marks) {
    Map<TableName, Relation> there = definitions.relations();
    return marks.keySet().stream()
        .filter(table -> isOwn(there.get(table.folded()), marks.getOrDefault(table, "")))
        .collect(Collectors.toSet());
  }

  @Override
  public Optional<TableName> ofFile(String file) {
    return Optional.empty();
  }

  /** The tables are readable as they are. */
  @Override
  public void attach(Map<TableName, String> marks) {}

  private static boolean isOwn(@Nullable Relation there, String mark) {
    return there != null && !there.view() && there.mark().equals(mark);
  }

  @Override
  public void drop(TableName table, String mark) {
    definitions.markChanged();
    definitions.define((connection, statement) ->
        drop(statement, table, Relation.all(statement).get(table.folded()), mark));
  }

  /** Drops a table that carries this mark. */
  static boolean drop(Statement statement, TableName table, @Nullable Relation there, String mark)
      throws SQLException {
    if (there == null) {
      return false;
    }
    if (!isOwn(there, mark)) {
      throw foreign(table, there.mark());
    }
    return statement.execute("DROP TABLE " + table.sql());
  }

  static EngineException foreign(TableName table, String mark) {
    return new EngineException(
        "%s is not the table that Ingot made, so it stays".formatted(table),
        new IllegalStateException(mark));
  }

  /** The tables are shown already. */
  @Override
  public void shown(Collection<TableName> tables) {}

  @Override
  public boolean isContent(Relation relation) {
    return !(relation.view() && DataFileViews.isOwn(relation.mark()));
  }
}
