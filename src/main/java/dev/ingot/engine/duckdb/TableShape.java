package dev.ingot.engine.duckdb;

import static dev.ingot.engine.TableName.quote;

import dev.ingot.engine.Engine.EngineException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The columns that a table would have, and what of them Parquet holds in another form. */
record TableShape(List<Column> columns) {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String PROBE = "\"ingot shape\"";

  TableShape {
    columns = List.copyOf(columns);
  }

  /** One of them. */
  record Column(String name, ColumnType type) {

    private String cast(ColumnType to) {
      return type.equals(type.stored())
          ? quote(name)
          : "CAST(%s AS %s) AS %s".formatted(quote(name), to.sql(), quote(name));
    }
  }

  /**
   * What DuckDB would make of a SELECT, found out with a table without rows.
   *
   * @throws EngineException when Parquet can't hold it
   */
  static TableShape of(Statements.Running running, Statement statement, String select)
      throws SQLException {
    try (PreparedStatement probe =
        running.plan("CREATE TEMP TABLE " + PROBE + " AS FROM (" + select + "\n) WITH NO DATA")) {
      probe.execute();
    }
    refuseCollations(statement);
    return new TableShape(
        DescribedColumns.read(statement, "temp." + PROBE).stream()
            .map(column -> column(column.name(), column.type()))
            .toList());
  }

  private static Column column(String name, String type) {
    try {
      return new Column(name, ColumnType.parse(type));
    } catch (IllegalArgumentException e) {
      throw new EngineException(
          "The column %s has the type %s, which the Parquet files of a shared project can't hold: cast it to another"
              .formatted(quote(name), type),
          e);
    }
  }

  /** A table would compare by them from then on, and a file knows none. */
  private static void refuseCollations(Statement statement) throws SQLException {
    if (Collations.areIn(statement, "temp." + PROBE)) {
      throw new EngineException(
          "A column has a collation, which the Parquet files of a shared project can't hold: leave COLLATE to those who read the table",
          new IllegalArgumentException("COLLATE"));
    }
  }

  /** As a file says it. */
  String text() {
    return JSON.writeValueAsString(columns.stream().map(TableShape::texts).toList());
  }

  private static Map<String, String> texts(Column column) {
    return Map.of("name", column.name(), "type", column.type().sql());
  }

  /**
   * @throws EngineException when the text isn't one of {@link #text}: files may come from anywhere
   */
  static TableShape read(String text) {
    try {
      return new TableShape(
          JSON.readValue(text, new TypeReference<List<Map<String, String>>>() {}).stream()
              .map(said -> column(said.getOrDefault("name", ""), said.getOrDefault("type", "")))
              .toList());
    } catch (RuntimeException e) {
      throw new EngineException("A file says its columns in words that Ingot doesn't know", e);
    }
  }

  String names() {
    return columns.stream().map(column -> quote(column.name())).collect(Collectors.joining(", "));
  }

  /** The expressions that are written. */
  String stored() {
    return expressions(column -> column.cast(column.type().stored()));
  }

  /** The expressions that make of what was written what it was. */
  String restored() {
    return expressions(column -> column.cast(column.type()));
  }

  private String expressions(Function<Column, String> expression) {
    return columns.stream().map(expression).collect(Collectors.joining(", "));
  }
}
