package dev.ingot;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table with a column of each type that PostgreSQL has, and the queries that ask for one. */
final class TypedColumns {

  /**
   * A column of the test's table, whose values are followed by a NULL.
   *
   * @param values as SQL writes them
   * @param compared how the answer is to be compared with Malloy's own
   */
  record Column(int number, String type, Compared compared, List<String> values) {

    String flat() {
      return "run: stored -> { select: id, v is %s; where: %s; order_by: id }"
          .formatted(name(), rows());
    }

    String nested() {
      return "run: stored -> { group_by: id; nest: n is { select: v is %s }; where: %s; order_by: id }"
          .formatted(name(), rows());
    }

    String name() {
      return "c" + number;
    }

    /** The last one is NULL. */
    private String rows() {
      return "id <= " + values.size();
    }

    String value(int row) {
      return row < values.size() ? values.get(row) : "NULL";
    }

    @Override
    public String toString() {
      return type + " " + String.join(", ", values);
    }
  }

  enum Compared {
    /** All values are the same; numbers as JavaScript has them, which are of double precision. */
    SAME,
    /** The same as single precision, whose shortest text isn't that of a double. */
    SINGLE,
    /** Malloy's own connection loses all of them: JavaScript can't hold or read them. */
    LOST,
    /** Refused, as an array of arrays is to Malloy an array of what is in them. */
    REFUSED,
    /** PostgreSQL's text of it, where Malloy has the fields; within what is nested both have. */
    TEXT
  }

  static final List<Column> ALL = new ArrayList<>();

  private static void column(Compared compared, String type, String... values) {
    ALL.add(new Column(ALL.size(), type, compared, List.of(values)));
  }

  private static void same(String type, String... values) {
    column(Compared.SAME, type, values);
  }

  private static void lost(String type, String... values) {
    column(Compared.LOST, type, values);
  }

  static {
    same("smallint", "-32768", "32767");
    same("integer", "-2147483648", "2147483647");
    same("bigint", "-9223372036854775808", "9223372036854775807", "9007199254740993");
    same("numeric", "0.1", "-123456.789", "1e-30", "123456789012345678901234567890.123456789");
    same("numeric(10,2)", "1.50", "-99999999.99");
    same("numeric", "'NaN'", "'Infinity'", "'-Infinity'");
    lost("numeric", "repeat('9', 400)::numeric");
    column(Compared.SINGLE, "real", "1.1", "3.4028235e38", "1e-45", "'-0.0'", "16777216");
    same("real", "'NaN'", "'Infinity'", "'-Infinity'");
    same("double precision", "0.1", "1.7976931348623157e308", "5e-324", "'-0.0'", "1e15", "1e21");
    same("double precision", "'NaN'", "'Infinity'", "'-Infinity'");
    same(
        "text",
        "''",
        "' '",
        "'''quoted\" \\ and %'",
        "E'line\\nend\\ttab\\r\\x01'",
        "'čau 🎉 \u2028'");
    same("text", "'NULL'", "'null'", "'{\"a\":1}'", "'infinity'", "'2020-01-01'", "'12'", "'NaN'");
    same("varchar(5)", "'ab'", "'abcde'");
    same("varchar", "repeat('x', 100000)");
    same("char(5)", "'ab'");
    same("\"char\"", "'x'");
    same("name", "'a name'");
    same("boolean", "true", "false");
    same("date", "'2024-02-29'", "'1969-12-31'", "'1582-10-10'", "'1500-02-28'", "'0001-01-01'");
    same("date", "'9999-12-31'");
    lost("date", "'20000-01-01'", "'0044-03-15 BC'", "'infinity'", "'-infinity'");
    same("timestamp", "'2024-02-29 12:34:56.789'", "'1969-12-31 23:59:59.999'", "'0001-01-01'");
    same("timestamp", "'1500-02-28 23:59:59'", "'2024-01-01 00:00:00.123456'");
    lost("timestamp", "'20000-01-01'", "'4713-01-01 00:00:00 BC'", "'infinity'", "'-infinity'");
    same("timestamptz", "'2024-02-29 12:34:56.789+05:30'", "'1900-01-01 00:00:00+01'");
    same("timestamptz", "'1500-02-28 23:59:59Z'", "'2024-01-01 00:00:00.123456Z'");
    lost("timestamptz", "'20000-01-01Z'", "'0001-01-01Z BC'", "'infinity'", "'-infinity'");
    same("time", "'08:00'", "'08:00:00.5'", "'23:59:59.999999'", "'24:00'");
    same("timetz", "'08:00+05:30'", "'08:00:00.5Z'", "'24:00-12'");
    same("interval", "'1 day 02:03:04'", "'-3 months'", "'1 year 2 mons 0.5 seconds'", "'0'");
    same("json", "'{\"b\": [1, 2.50, null, \"x\"], \"a\": {}}'", "'null'", "'\"text\"'");
    same(
        "jsonb",
        "'{\"b\": [1, 2.50, null, \"x\"], \"a\": {}}'",
        "'null'",
        "'12345678901234567890'");
    same("uuid", "'6f1e8f0e-0000-4000-8000-000000000001'");
    same("bytea", "'\\x00ff'", "''");
    same("inet", "'10.0.0.1/8'", "'::1'");
    same("bit(3)", "B'101'");
    same("xml", "'<a/>'");
    same("point", "'(1,2)'");
    same("integer[]", "'{1,NULL,3}'", "'{}'", "'[5:6]={1,2}'");
    column(Compared.REFUSED, "integer[]", "'{{1,2},{3,4}}'");
    same("bigint[]", "'{9223372036854775807}'");
    same("text[]", "'{a,NULL,\"NULL\",\"\",\"b \\\"c\\\"\",\"{}\",\"d,\\\\e\"}'");
    same("numeric[]", "'{1.50,NULL,NaN,123456789012345678901234567890.123456789}'");
    same("boolean[]", "'{t,f}'");
    same("date[]", "'{1500-02-28}'");
    same("timestamp[]", "'{1500-02-28 00:00:00}'");
    same("time[]", "'{08:00:00.5}'");
    same("uuid[]", "'{6f1e8f0e-0000-4000-8000-000000000001}'");
    same("mood", "'sad'");
    same("mood[]", "'{sad,ok}'");
    same("positive", "1");
    same("positive[]", "'{1,NULL}'");
    same("int4range", "'[1,5)'");
    same("tsrange", "'[1500-01-01,1500-02-01)'");
    same("int4multirange", "'{[1,5),[7,9)}'");
    column(Compared.TEXT, "pair", "'(1,\"a b\")'");
    column(Compared.TEXT, "nested", "'(7,\"(1,\\\"a b\\\")\")'");
    column(Compared.TEXT, "pair[]", "ARRAY['(1,x)'::pair]");
  }

  private static final String TYPES =
      """
      CREATE TYPE mood AS ENUM ('sad', 'ok');
      CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
      CREATE TYPE pair AS (n integer, t text);
      CREATE TYPE nested AS (k integer, p pair);
      """;

  private TypedColumns() {}

  /** A row for each value, and a last one of nothing but NULL. */
  static String table() {
    int rows = ALL.stream().mapToInt(column -> column.values().size()).max().orElseThrow();
    var sql = new StringBuilder(TYPES + "CREATE TABLE every (id integer");
    ALL.forEach(column -> sql.append(", ").append(column.name() + " " + column.type()));
    sql.append(");");
    IntStream.rangeClosed(0, rows)
        .forEach(row -> {
          sql.append("INSERT INTO every VALUES (").append(row);
          ALL.forEach(column -> sql.append(", ").append(column.value(row)));
          sql.append(");");
        });
    return sql.toString();
  }
}
