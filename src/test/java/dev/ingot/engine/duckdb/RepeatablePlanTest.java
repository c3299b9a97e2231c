package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatablePlanTest {

  private static final String CONSISTENT = "CONSISTENT";

  /** Values that a function may say something about. */
  private static final Map<String, String> SAMPLES =
      Map.ofEntries(
          Map.entry("VARCHAR", "'2024-02-03'"),
          Map.entry("DATE", "DATE '2024-02-03'"),
          Map.entry("TIMESTAMP", "TIMESTAMP '2024-02-03 04:05:06'"),
          Map.entry("TIME", "TIME '04:05:06'"),
          Map.entry("INTERVAL", "INTERVAL 3 DAY"),
          Map.entry("BOOLEAN", "true"),
          Map.entry("DOUBLE", "0.5::DOUBLE"),
          Map.entry("FLOAT", "0.5::FLOAT"),
          Map.entry("DECIMAL", "1.5"),
          Map.entry("BLOB", "'abc'::BLOB"),
          Map.entry("BIT", "'101'::BIT"),
          Map.entry("UUID", "'4ac7a9e9-607c-4c8a-84f3-843f0191e3fd'::UUID"),
          Map.entry("JSON", "'{\"a\":1}'"),
          Map.entry("VARCHAR[]", "['a', 'b']"),
          Map.entry("BIGINT[]", "[1, 2]"),
          Map.entry("DOUBLE[]", "[0.5::DOUBLE]"),
          Map.entry("T[]", "[1, 2]"),
          Map.entry("ANY[]", "[1, 2]"));

  @TempDir static Path folder;
  private static DuckDbDatabase database;
  private static DuckDbEngine engine;

  @BeforeAll
  static void open() throws IOException {
    Files.writeString(folder.resolve("o.csv"), "id,v\n1,a\n2,b\n");
    database = TestDatabase.open(folder.resolve("package.duckdb"), folder);
    engine = new DuckDbEngine(database, folder);
    engine.dataFiles().follow(List.of("o.csv"));
    database.use((connection, statement) -> {
      statement.execute(
          """
          CREATE TABLE orders AS SELECT i AS id, 'c' || (i % 3) AS customer,
            (i * 0.5)::DECIMAL(10, 2) AS amount, i::DOUBLE AS weight,
            TIMESTAMP '2024-01-01' + INTERVAL (i) HOUR AS made, now() AS moment
          FROM range(100) t(i)
          """);
      statement.execute("CREATE SEQUENCE numbers");
      return statement.execute("CREATE VIEW shown AS FROM orders");
    });
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static Optional<Set<TableName>> tables(String select) {
    return engine.repeatable(select, new Cancellation());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT customer, sum(amount) AS total, count(*) FROM orders GROUP BY 1 ORDER BY 1",
        "SELECT DATE_TRUNC('month', made), avg(id), count(DISTINCT customer) FROM orders GROUP BY 1",
        "SELECT * FROM orders WHERE customer LIKE 'c%' AND id IN (1, 2) OR made > TIMESTAMP '2024-01-02'",
        "SELECT upper(customer) || '!', coalesce(amount, 0) / 2, CASE WHEN id > 3 THEN 1 END FROM orders",
        "SELECT a.id FROM orders a LEFT JOIN orders b ON a.id = b.id + 1 WHERE b.amount IS NULL",
        "SELECT customer, id FROM orders ORDER BY id, customer LIMIT 3",
        "SELECT customer, count(*) AS n FROM orders GROUP BY 1 ORDER BY n DESC, customer LIMIT 2",
        "WITH s AS (SELECT customer, sum(amount) t FROM orders GROUP BY 1) SELECT max(t) FROM s",
        "SELECT id FROM orders UNION ALL SELECT id + 1 FROM orders",
        "SELECT sum(amount) FILTER (WHERE id > 3), min(made), max(weight) FROM orders",
        "SELECT id FROM shown",
        "SELECT (SELECT max(b.id) FROM orders b WHERE b.customer = a.customer) FROM orders a"
      })
  void whatReadsOnlyTablesSaysTheSameAgain(String select) {
    assertThat(tables(select)).contains(Set.of(new TableName("main", "orders")));
  }

  @Test
  void whatReadsNothingDoesToo() {
    assertThat(tables("SELECT 1 AS one, 'a' || 'b'")).contains(Set.of());
    assertThat(tables("SELECT count(*) FROM (VALUES (1), (2)) v")).contains(Set.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // What Malloy makes of its "now".
        "SELECT LOCALTIMESTAMP AS now FROM orders",
        "SELECT count(*) FROM orders WHERE made > LOCALTIMESTAMP",
        "SELECT now()",
        "SELECT CURRENT_DATE",
        "SELECT today()",
        "SELECT CURRENT_TIME",
        "SELECT current_user",
        "SELECT age(made) FROM orders",
        "SELECT random() FROM orders",
        "SELECT uuid()",
        "SELECT nextval('numbers')",
        "SELECT currval('numbers')",
        "SELECT getvariable('x')",
        "SELECT version()",
        "SELECT pg_typeof(1), current_schema()",
        "SELECT reservoir_quantile(id, 0.5) FROM orders",
        "SELECT approx_count_distinct(id) FROM orders",
        "SELECT * FROM orders USING SAMPLE 3 ROWS",
        "SELECT * FROM orders TABLESAMPLE 10%",
        "SELECT count(*) FROM orders TABLESAMPLE 10%",
        "SELECT * FROM 'o.csv'",
        "SELECT * FROM o.csv",
        "SELECT id FROM orders WHERE id IN (SELECT id FROM 'o.csv')",
        "SELECT * FROM read_csv('o.csv')",
        "SELECT * FROM range(3)",
        "SELECT * FROM duckdb_tables()",
        "SELECT any_value(customer) FROM orders",
        "SELECT first(customer) FROM orders",
        "SELECT arg_max(customer, amount) FROM orders",
        "SELECT mode(customer) FROM orders",
        "SELECT list(customer) FROM orders",
        "SELECT string_agg(customer, ',') FROM orders",
        "SELECT sum(weight) FROM orders",
        "SELECT avg(weight) FROM orders",
        "SELECT stddev(id) FROM orders",
        "SELECT DISTINCT ON (customer) customer, id FROM orders",
        "SELECT * FROM orders LIMIT 3",
        "SELECT customer, id FROM orders ORDER BY customer LIMIT 3",
        "SELECT customer, count(*) AS n FROM orders GROUP BY 1 ORDER BY n DESC LIMIT 2",
        "SELECT count(*) FROM (SELECT id FROM orders LIMIT 3 OFFSET 1)",
        "SELECT id FROM orders WHERE id = (SELECT id FROM orders LIMIT 1)",
        "SELECT row_number() OVER (ORDER BY customer) FROM orders",
        "SELECT first_value(id) OVER (ORDER BY customer) FROM orders",
        "SELECT moment::VARCHAR FROM orders",
        "SELECT moment::DATE FROM orders",
        "SELECT date_trunc('day', moment) FROM orders",
        "SELECT made::TIMESTAMPTZ FROM orders",
        "SELECT '2024-01-01'::TIMESTAMPTZ",
        "PIVOT orders ON customer USING sum(amount)",
        "SELECT * FROM no_such_table"
      })
  void whatMayBeAnotherNextTimeDoesNot(String select) {
    assertThat(tables(select)).isEmpty();
  }

  @Test
  void aFileCountsAsTheTableThatItIs() {
    var table = new TableName("main", "g__1");
    database.use((connection, statement) -> {
      for (String name : List.of("g", "other")) {
        String file = "'%s/%s.parquet'".formatted(folder, name);
        statement.execute("COPY (SELECT 1 AS n) TO " + file);
        statement.execute("CREATE VIEW %s_file AS FROM read_parquet(%s)".formatted(name, file));
      }
      return true;
    });
    var queries =
        new PackageQueries(
            database,
            file -> file.equals(folder + "/g.parquet") ? Optional.of(table) : Optional.empty());

    assertThat(queries.repeatable("SELECT n FROM g_file", new Cancellation()))
        .contains(Set.of(table));
    assertThat(queries.repeatable("SELECT n FROM other_file", new Cancellation())).isEmpty();
    assertThat(
            queries.repeatable(
                "SELECT g.n FROM g_file g, other_file o WHERE g.n = o.n", new Cancellation()))
        .isEmpty();
    // It may stand for more files next time.
    assertThat(
            queries.repeatable(
                "SELECT n FROM '%s/g*.parquet'".formatted(folder), new Cancellation()))
        .isEmpty();
  }

  /** A function of DuckDB's, as it is called with values of its types. */
  private record Call(String name, String stability, String sql) {}

  private static List<Call> calls() {
    String functions =
        """
        SELECT function_name, function_type, coalesce(stability, 'NONE'),
          coalesce(array_to_string(parameter_types, ';'), '')
        FROM duckdb_functions() WHERE function_name NOT IN ('sleep_ms')
        """;
    return database.use((connection, statement) -> {
      var calls = new ArrayList<Call>();
      try (ResultSet row = statement.executeQuery(functions)) {
        while (row.next()) {
          String name = row.getString(1);
          List<String> types =
              row.getString(4).isEmpty() ? List.of() : Arrays.asList(row.getString(4).split(";"));
          String values =
              types.stream()
                  .map(type -> SAMPLES.getOrDefault(type, "1"))
                  .collect(Collectors.joining(", "));
          String call = "%s(%s)".formatted(TableName.quote(name), values);
          calls.add(
              new Call(
                  name,
                  row.getString(3),
                  row.getString(2).startsWith("table")
                      ? "SELECT * FROM " + call
                      : "SELECT %s FROM orders".formatted(call)));
        }
      }
      return calls;
    });
  }

  /**
   * Of all that DuckDB has: nothing is repeatable that it calls anything but consistent itself, and
   * what is, says the same in other sessions, at another time and with other settings of theirs.
   */
  @Test
  void noFunctionIsRepeatableThatSaysSomethingElseInAnotherSession() {
    var asked = new TreeSet<String>();
    var repeatable = new TreeSet<String>();
    for (Call call : calls()) {
      try {
        asked.add(call.name());
        if (tables(call.sql()).isPresent()) {
          assertThat(call.stability()).as(call.sql()).isIn(CONSISTENT, "NONE");
          repeatable.add(call.name());
          List<String> answers =
              IntStream.range(0, 2).mapToObj(session -> answer(session, call.sql())).toList();
          assertThat(answers.getFirst()).as(call.sql()).isEqualTo(answers.getLast());
        }
      } catch (EngineException refused) {
        // No call of it with these values, or one that a model may not make.
        assertThat(refused.detail()).isNotEmpty();
      }
    }
    assertThat(asked).hasSizeGreaterThan(500);
    assertThat(repeatable)
        .contains("sum", "count", "avg", "min", "max", "upper", "round", "+", "||")
        .doesNotContain(
            "now", "age", "random", "any_value", "first", "list", "getvariable", "nextval");
  }

  private static String answer(int session, String sql) {
    return database.useOnce((connection, statement) -> {
      statement.execute("SET VARIABLE x = " + session);
      statement.execute("SELECT setseed(0." + session + ")");
      try (ResultSet rows =
          statement.executeQuery("SELECT count(*), max(hash(r)) FROM (%s) r".formatted(sql))) {
        rows.next();
        return rows.getString(1) + " " + rows.getString(2);
      }
    });
  }
}
