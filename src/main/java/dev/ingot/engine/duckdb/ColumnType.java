package dev.ingot.engine.duckdb;

import dev.ingot.engine.TableName;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A column's type, and the one that holds its values in Parquet without loss. DuckDB writes types
 * that Parquet doesn't have as others that hold less: HUGEINT as DOUBLE, the time zone of a TIMETZ
 * not at all.
 */
sealed interface ColumnType {

  /** As DuckDB writes it. */
  String sql();

  /** The type that its values are cast to before they are written. */
  ColumnType stored();

  /**
   * @param type as DuckDB's DESCRIBE says it
   * @throws IllegalArgumentException when it can't be stored
   */
  static ColumnType parse(String type) {
    return new ColumnTypeParser(type).parse();
  }

  /** A type without others in it. */
  record Plain(String sql) implements ColumnType {

    private static final String TEXT = "VARCHAR";

    /** Those that come back from Parquet as they were. */
    private static final List<String> KEPT =
        List.of(
            "BOOLEAN",
            "TINYINT",
            "SMALLINT",
            "INTEGER",
            "BIGINT",
            "UTINYINT",
            "USMALLINT",
            "UINTEGER",
            "UBIGINT",
            "FLOAT",
            "DOUBLE",
            "DATE",
            "TIME",
            "TIMESTAMP",
            "TIMESTAMP_NS",
            "TIMESTAMP WITH TIME ZONE",
            "UUID",
            "BLOB",
            "JSON",
            TEXT);

    /** A text holds what Parquet's own INTERVAL would cut to milliseconds, and so on. */
    private static final Map<String, String> STORED =
        Map.of(
            "HUGEINT", "DECIMAL(38,0)",
            "UHUGEINT", TEXT,
            "BIGNUM", TEXT,
            "BIT", TEXT,
            "INTERVAL", TEXT,
            "TIME WITH TIME ZONE", TEXT,
            "TIME_NS", TEXT,
            "TIMESTAMP_S", "TIMESTAMP",
            "TIMESTAMP_MS", "TIMESTAMP");

    static boolean isKnown(String name) {
      return KEPT.contains(name) || STORED.containsKey(name);
    }

    @Override
    public ColumnType stored() {
      return new Plain(STORED.getOrDefault(sql, sql));
    }
  }

  /** One of a list of texts, which Parquet would forget. */
  record Enumeration(String sql) implements ColumnType {
    @Override
    public ColumnType stored() {
      return new Plain(Plain.TEXT);
    }
  }

  /**
   * A list, or an array, which Parquet would take for a list.
   *
   * @param size with its brackets: {@code []} or {@code [3]}
   */
  record Elements(ColumnType element, String size) implements ColumnType {
    @Override
    public String sql() {
      return element.sql() + size;
    }

    @Override
    public ColumnType stored() {
      return new Elements(element.stored(), "[]");
    }
  }

  /** Named fields. */
  record Struct(List<Field> fields) implements ColumnType {

    /** One of them. */
    record Field(String name, ColumnType type) {}

    @Override
    public String sql() {
      return fields.stream()
          .map(field -> TableName.quote(field.name()) + " " + field.type().sql())
          .collect(Collectors.joining(", ", "STRUCT(", ")"));
    }

    @Override
    public ColumnType stored() {
      return new Struct(
          fields.stream().map(field -> new Field(field.name(), field.type().stored())).toList());
    }
  }

  /** Keys and their values. */
  record Dictionary(ColumnType key, ColumnType value) implements ColumnType {
    @Override
    public String sql() {
      return "MAP(%s, %s)".formatted(key.sql(), value.sql());
    }

    @Override
    public ColumnType stored() {
      return new Dictionary(key.stored(), value.stored());
    }
  }
}
