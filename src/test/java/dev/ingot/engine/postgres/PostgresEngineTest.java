package dev.ingot.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Engine.Owner;
import dev.ingot.engine.Engine.UnreachableException;
import dev.ingot.engine.EngineColumn;
import dev.ingot.engine.Rows;
import dev.ingot.engine.TableName;
import dev.ingot.project.PostgresSettings;
import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine does, and what only PostgreSQL has. */
class PostgresEngineTest extends PostgresSuite {

  private static final TableName SECOND = new TableName("main", "orders__2");
  private static final TableName VIEW = new TableName("main", "orders");
  private static final TableName OTHER = new TableName("main", "others");
  private static final Owner OWNER = new Owner("mark", "ingot/demo/a run");

  private final List<Cancellation> all = new CopyOnWriteArrayList<>();

  /** A transaction of somebody else, who has read something. */
  private final class Reader implements AutoCloseable {
    private final Connection connection;

    Reader(String select) throws SQLException {
      connection = database.connect();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(select);
      }
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  @Test
  void aViewWhoseColumnsChangeKeepsItsGrants() {
    build(TABLE, "SELECT 1 AS one, 2 AS two");
    build(SECOND, "SELECT 'x'::text AS one");
    engine.publishViews(Map.of(VIEW, TABLE), Set.of(), "p/shop");
    database.execute(
        """
        GRANT USAGE ON SCHEMA main TO pg_monitor;
        GRANT SELECT ON main.orders TO pg_monitor WITH GRANT OPTION;
        GRANT SELECT, INSERT ON main.orders TO PUBLIC
        """);
    String grants =
        """
        SELECT string_agg(concat_ws(' ', CASE grantee WHEN 0 THEN 'PUBLIC'
          ELSE pg_get_userbyid(grantee) END, privilege_type, is_grantable), ', '
          ORDER BY grantee, privilege_type)
        FROM pg_class, aclexplode(relacl)
        WHERE oid = 'main.orders'::regclass AND grantee <> relowner
        """;
    List<String> before = database.column(grants);

    assertThat(engine.publishViews(Map.of(VIEW, SECOND), Set.of(), "p/shop")).isEmpty();

    assertThat(read("SELECT one FROM orders")).isEqualTo("x");
    assertThat(database.column(grants)).isEqualTo(before);
    assertThat(before.getFirst()).contains("pg_monitor SELECT t", "PUBLIC INSERT f");
  }

  @Test
  void aViewThatSomethingElseIsMadeOfStaysAndKeepsItsTable() {
    build(TABLE, "SELECT 1 AS one, 2 AS two");
    build(SECOND, "SELECT 'x'::text AS one");
    engine.publishViews(Map.of(VIEW, TABLE, OTHER, TABLE), Set.of(), "p/shop");
    database.execute("CREATE VIEW report AS SELECT two FROM main.orders");

    Map<TableName, String> kept =
        engine.publishViews(Map.of(VIEW, SECOND, OTHER, SECOND), Set.of(), "p/shop");

    assertThat(kept).containsOnlyKeys(VIEW);
    assertThat(kept.get(VIEW)).contains("something else is made of it", "report");
    assertThat(read("SELECT two FROM public.report")).isEqualTo("2");
    assertThat(read("SELECT one FROM others")).isEqualTo("x");
    assertThat(engine.publishViews(Map.of(), Set.of(VIEW, OTHER), "p/shop")).containsOnlyKeys(VIEW);
    assertThatThrownBy(() -> engine.drop(TABLE, "mark"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("something that stays is made of it");
    database.execute("DROP VIEW report");
    assertThat(engine.publishViews(Map.of(), Set.of(VIEW, OTHER), "p/shop")).isEmpty();
    engine.drop(TABLE, "mark");
    assertThat(engine.existing(List.of(TABLE, VIEW, OTHER))).isEmpty();
  }

  @Test
  void aViewThatIsLockedHoldsNeitherTheOthersNorItsReaders() throws SQLException {
    build(TABLE, "SELECT 1 AS one");
    build(SECOND, "SELECT 2 AS one");
    engine.publishViews(Map.of(VIEW, TABLE, OTHER, TABLE), Set.of(), "p/shop");
    try (var reader = new Reader("SELECT * FROM main.orders")) {
      assertThat(reader.connection.isClosed()).isFalse();

      Map<TableName, String> kept =
          engine.publishViews(Map.of(VIEW, SECOND, OTHER, SECOND), Set.of(), "p/shop");

      assertThat(kept).containsOnlyKeys(VIEW);
      assertThat(kept.get(VIEW)).contains("it follows later");
      assertThat(read("SELECT 10 * o.one + others.one FROM orders o, others")).isEqualTo("12");
    }
    assertThat(engine.publishViews(Map.of(VIEW, SECOND, OTHER, SECOND), Set.of(), "p/shop"))
        .isEmpty();
    assertThat(read("SELECT one FROM orders")).isEqualTo("2");
  }

  @Test
  void aTableThatSomebodyReadsIsDroppedLater() throws SQLException {
    build(TABLE, "SELECT 1 AS one");
    try (var reader = new Reader("SELECT * FROM " + TABLE.sql())) {
      assertThat(reader.connection.isClosed()).isFalse();

      assertThatThrownBy(() -> engine.drop(TABLE, "mark"))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("somebody reads it");
    }
    engine.drop(TABLE, "mark");
    assertThat(engine.existing(List.of(TABLE))).isEmpty();
  }

  @Test
  void aTableThatMayStillComeToBeIsNotTakenForGone() {
    var cancellation = new Cancellation();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var build =
          CompletableFuture.supplyAsync(
              () -> engine.build(TABLE, endless("one"), OWNER, cancellation), executor);
      Wait.until("it has begun", () -> hasBegun("one"));

      assertThatThrownBy(() -> engine.drop(TABLE, "mark"))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("still builds it");

      assertThat(sessions("ingot/demo/a run")).hasSize(1);
      cancellation.cancel("enough");
      assertThatThrownBy(build::join).hasMessageContaining("enough");
    }
    engine.drop(TABLE, "mark");
  }

  private List<String> sessions(String application) {
    return database.column(
        "SELECT pid FROM pg_stat_activity WHERE application_name = '%s'".formatted(application));
  }

  @Test
  void aBuildWhoseClientIsGoneEnds() throws IOException {
    try (var proxy = FaultyProxy.to(database.host(), database.port());
        var far = new PostgresEngine(open("127.0.0.1", proxy.port()), 2);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var build =
          CompletableFuture.supplyAsync(
              () -> far.build(TABLE, endless("one"), OWNER, new Cancellation()), executor);
      Wait.until("it has begun", () -> hasBegun("one"));

      proxy.cut();

      assertThatThrownBy(build::join).cause().isInstanceOf(UnreachableException.class);
      Wait.until("its session has ended", () -> !hasBegun("one"));
      engine.drop(TABLE, "mark");
      assertThat(engine.existing(List.of(TABLE))).isEmpty();
    }
  }

  @Test
  void aSessionThatTheDatabaseEndsMayBeTriedAgain() {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var build =
          CompletableFuture.supplyAsync(
              () -> engine.build(TABLE, endless("one"), OWNER, new Cancellation()), executor);
      Wait.until("it has begun", () -> hasBegun("one"));

      database.column(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ingot/demo/a run'");

      assertThatThrownBy(build::join).cause().isInstanceOf(UnreachableException.class);
    }
    assertThat(build(TABLE, "SELECT 1 AS one")).isEqualTo(1);
  }

  @Test
  void aDatabaseThatDoesNotAnswerSaysSo() {
    Engine gone = new PostgresEngine(open("127.0.0.1", 1), 2);

    assertThatThrownBy(() -> gone.existing(List.of(TABLE)))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("Connection 'warehouse' can't be used: the connection is refused");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM main.kept RETURNING n",
        "WITH gone AS (DELETE FROM main.kept RETURNING n) SELECT * FROM gone",
        "DROP TABLE main.kept",
        "SELECT n INTO main.stolen FROM main.kept",
        "COPY main.kept TO STDOUT",
        "SET search_path TO pg_temp",
        "SELECT 1 AS a /* */; DROP TABLE main.kept",
        "SELECT $$;$$; DROP TABLE main.kept"
      })
  void packageSqlChangesNothing(String sql) {
    build(new TableName("main", "kept"), "SELECT 1 AS n");

    assertThatThrownBy(() -> build(TABLE, sql)).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> engine.describeSelect(sql)).isInstanceOf(EngineException.class);
    try {
      read(sql);
    } catch (EngineException refused) {
      assertThat(refused.detail()).isNotBlank();
    }

    assertThat(database.column("SELECT n FROM main.kept")).containsExactly("1");
    assertThat(engine.existing(List.of(TABLE, new TableName("main", "stolen")))).isEmpty();
    assertThat(read("SHOW search_path")).isEqualTo("main, public");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT $$;$$ AS a", "SELECT ';' AS a -- ; ", "SELECT E'\\';' AS a;"})
  void aSemicolonThatEndsNothingIsAllowed(String sql) {
    assertThat(build(TABLE, sql.replaceAll(";$", ""))).isEqualTo(1);
    assertThat(read(sql)).contains(";");
  }

  @Test
  void aLiteralEndsWhereMalloyThinksWhateverTheRoleSays() {
    database.asSuperuser(
        "ALTER ROLE %s SET standard_conforming_strings = off".formatted(database.user()));
    build(new TableName("main", "kept"), "SELECT 1 AS n");
    String literal = "\\'' ; COMMIT; DROP TABLE main.kept; SELECT 1 AS x --";

    assertThat(read("SELECT '" + literal + "' AS text")).isEqualTo(literal.replace("''", "'"));

    assertThat(database.column("SELECT n FROM main.kept")).containsExactly("1");
  }

  @Test
  void whatSqlSetsIsForgotten() {
    for (String sql :
        List.of(
            "SELECT set_config('TimeZone', 'Asia/Tokyo', false)",
            "SELECT set_config('search_path', 'nowhere', false)")) {
      read(sql);
      build(new TableName("main", "t" + sql.hashCode()), sql);
    }

    for (int i = 0; i < 10; i++) {
      assertThat(read("SELECT current_setting('TimeZone') || current_setting('search_path')"))
          .isEqualTo("UTCmain, public");
    }
  }

  @Test
  void aViewOfAnotherPackageIsSomebodyElses() {
    build(TABLE, "SELECT 1 AS one");
    build(SECOND, "SELECT 2 AS one");
    engine.publishViews(Map.of(VIEW, TABLE), Set.of(), "p/first");

    assertThat(engine.publishViews(Map.of(VIEW, SECOND), Set.of(), "p/second"))
        .containsOnlyKeys(VIEW);
    engine.publishViews(Map.of(), Set.of(VIEW), "p/second");

    assertThat(read("SELECT one FROM orders")).isEqualTo("1");
    assertThat(engine.publishViews(Map.of(), Set.of(VIEW), "p/first")).isEmpty();
    assertThat(engine.existing(List.of(VIEW))).isEmpty();
  }

  @Test
  void aViewThatMayNotBeReplacedLeavesTheOthers() {
    build(TABLE, "SELECT 1 AS one");
    build(SECOND, "SELECT 2 AS one");
    engine.publishViews(Map.of(VIEW, TABLE, OTHER, TABLE), Set.of(), "p/shop");
    database.asSuperuser("ALTER VIEW main.orders OWNER TO " + database.server().user());
    database.execute("CREATE TYPE main.typed AS ENUM ('a')");
    var typed = new TableName("main", "typed");

    Map<TableName, String> kept =
        engine.publishViews(Map.of(VIEW, SECOND, OTHER, SECOND, typed, SECOND), Set.of(), "p/shop");

    assertThat(kept).containsOnlyKeys(VIEW, typed);
    assertThat(kept.get(VIEW)).contains("must be owner of view orders");
    assertThat(read("SELECT one FROM others")).isEqualTo("2");
  }

  @Test
  void aViewThatIsMadeAnewHasTheRightsAndOptionsOfTheOneBeforeAndNoOthers() {
    build(TABLE, "SELECT 1 AS one, 2 AS two");
    build(SECOND, "SELECT 'x'::text AS one");
    database.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA main GRANT SELECT ON TABLES TO PUBLIC");
    engine.publishViews(Map.of(VIEW, TABLE), Set.of(), "p/shop");
    database.execute(
        """
        REVOKE ALL ON main.orders FROM PUBLIC;
        GRANT SELECT (one), UPDATE (two) ON main.orders TO pg_monitor;
        ALTER VIEW main.orders SET (security_invoker = true)
        """);

    assertThat(engine.publishViews(Map.of(VIEW, SECOND), Set.of(), "p/shop")).isEmpty();

    assertThat(
            database.column(
                """
                SELECT concat(has_table_privilege('pg_read_all_settings', c.oid, 'SELECT'), ' ',
                  has_column_privilege('pg_monitor', c.oid, 'one', 'SELECT'), ' ', c.reloptions)
                FROM pg_class c WHERE c.oid = 'main.orders'::regclass
                """))
        .containsExactly("f t {security_invoker=true}");
  }

  @Test
  void buildsHaveSessionsHoweverManyQueriesRun() {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var queries =
          Stream.generate(() ->
                  CompletableFuture.runAsync(
                      () -> engine.query(endless("q"), cancellation(), Rows::next), executor))
              .limit(12)
              .toList();
      Wait.until("some run", () -> hasBegun("q"));

      assertThat(build(TABLE, "SELECT 1 AS one")).isEqualTo(1);
      engine.drop(TABLE, "mark");

      all.forEach(one -> one.cancel("enough"));
      queries.forEach(one -> assertThatThrownBy(one::join).hasMessageContaining("enough"));
    }
  }

  private Cancellation cancellation() {
    var one = new Cancellation();
    all.add(one);
    return one;
  }

  @Test
  void wideRowsAreReadPieceByPiece() {
    String select = "SELECT repeat('x', 1000000) || i FROM generate_series(1, 1000) AS i";

    assertThat(read(select)).hasSize(1_000_001);
  }

  @Test
  void aChangeOfTheConnectionLeavesWhatRuns() {
    var properties = new AtomicReference<Map<String, String>>(Map.of());
    PostgresSettings now = settings(database.host(), database.port());
    try (var changing =
            new PostgresEngine(
                open(() -> settings(now, Objects.requireNonNull(properties.get()))), 2);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var build =
          CompletableFuture.supplyAsync(
              () ->
                  changing.build(
                      TABLE, "SELECT pg_sleep(2)::text AS n /* slow */", OWNER, new Cancellation()),
              executor);
      Wait.until("it has begun", () -> hasBegun("slow"));

      properties.set(Map.of("tcpKeepAlive", "true"));

      assertThat(changing.existing(List.of(TABLE))).isEmpty();
      assertThat(build.join()).isEqualTo(1);
    }
  }

  private static PostgresSettings settings(PostgresSettings of, Map<String, String> properties) {
    return new PostgresSettings(
        of.host(),
        of.port(),
        of.database(),
        of.user(),
        of.password(),
        of.schema(),
        null,
        null,
        null,
        properties);
  }

  @Test
  void whatIsLockedIsSaidInTime() throws SQLException {
    database.execute("CREATE TABLE main.locked (x int)");
    try (var other = new Reader("LOCK TABLE main.locked IN ACCESS EXCLUSIVE MODE")) {
      assertThat(other.connection.isClosed()).isFalse();

      assertThatThrownBy(() -> engine.describeSelect("SELECT * FROM main.locked"))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("lock timeout");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"(repeat('[', 3000) || repeat(']', 3000))::json"})
  void aValueThatCantBeReadIsSaid(String expression) {
    assertThatThrownBy(() -> read("SELECT %s AS odd".formatted(expression)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("column 'odd' can't be read");
  }

  @Test
  void typesWithOddNamesAreNoArrays() {
    database.execute("CREATE TYPE main._state AS ENUM ('x')");

    assertThat(read("SELECT 'x'::main._state AS s")).isEqualTo("x");
    assertThat(read("SELECT ARRAY['x'::main._state] AS s")).isEqualTo("[x]");
    assertThat(read("SELECT ARRAY['(1,2),(0,0)'::box, '(3,4),(1,1)'::box] AS b"))
        .isEqualTo("[(1,2),(0,0), (3,4),(1,1)]");
    assertThat(read("SELECT ('1' || repeat('0', 2000))::json AS n")).hasSize(2001);
  }

  @Test
  void jsonOperatorsAreNoParametersAndBracesNoEscapes() {
    assertThat(read("SELECT '{\"a\":1}'::jsonb ? 'a'")).isEqualTo("true");
    assertThat(read("SELECT '{fn now()}'")).isEqualTo("{fn now()}");
    assertThat(build(TABLE, "SELECT '{\"a\":1}'::jsonb ?| ARRAY['a'] AS has")).isEqualTo(1);
  }

  @Test
  void columnsAreNamedByWhatTheyAreMadeOf() {
    database.execute(
        """
        CREATE TYPE main.mood AS ENUM ('sad', 'ok');
        CREATE DOMAIN main.positive AS integer CHECK (VALUE > 0);
        CREATE TABLE main."Odd table" (id serial, "Mixed" main.positive, tags text[][],
          mood main.mood, moods main.mood[], amounts main.positive[], price numeric(10,2),
          code char(3), doc jsonb, at timestamptz, stay tstzrange)
        """);
    List<String> wanted =
        List.of(
            "id integer",
            "Mixed integer",
            "tags text[]",
            "mood USER-DEFINED",
            "moods USER-DEFINED[]",
            "amounts integer[]",
            "price numeric",
            "code character",
            "doc jsonb",
            "at timestamp with time zone",
            "stay USER-DEFINED");

    assertThat(said(engine.describeTable("main.\"Odd table\""))).isEqualTo(wanted);
    assertThat(said(engine.describeSelect("SELECT * FROM \"Odd table\""))).isEqualTo(wanted);
    assertThatThrownBy(() -> engine.describeTable("main.odd_table"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("there is no table or view main.odd_table");
  }

  private static List<String> said(List<EngineColumn> columns) {
    return columns.stream().map(column -> column.name() + " " + column.type()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "9223372036854775807::bigint | 9223372036854775807",
        "(-32768)::smallint | -32768",
        "123456789012345678901234567890.123456789::numeric | 123456789012345678901234567890.123456789",
        "'NaN'::numeric | NaN",
        "'-Infinity'::float8 | -Infinity",
        "1.1::float4 | 1.1",
        "date '1500-02-28' | 1500-02-28",
        "date '0044-03-15 BC' | -0043-03-15",
        "date '20000-01-01' | +20000-01-01",
        "date 'infinity' | infinity",
        "timestamp '1500-02-28 23:59:59.999999' | 1500-02-28T23:59:59.999999",
        "timestamp '4713-01-01 00:00:00 BC' | -4712-01-01T00:00",
        "timestamp '-infinity' | -infinity",
        "timestamptz '1900-01-01 00:00:00+01' | 1899-12-31T23:00Z",
        "timestamptz '0001-01-01 00:00:00 BC' | 0000-01-01T00:00Z",
        "time '24:00:00' | 24:00:00",
        "time '08:00:00' | 08:00",
        "timetz '08:00:00+05:30' | 08:00+05:30",
        "true | true",
        "bytea '\\x00ff' | \\x00ff",
        "interval '1 day 02:03:04' | 1 day 02:03:04",
        "'{\"a\": [1, 2.50, null, \"x\"]}'::json | {a=[1, 2.50, null, x]}",
        "'null'::jsonb | null",
        "ARRAY[1, NULL, 3] | [1, null, 3]",
        "ARRAY[['a', 'b \"c\"'], ['{}', 'd,\\e']] | [[a, b \"c\"], [{}, d,\\e]]",
        "'[0:1]={x,NULL}'::text[] | [x, null]",
        "ARRAY[]::int[] | []",
        "ARRAY[timestamp '1500-02-28 00:00:00'] | [1500-02-28T00:00]",
        "ARRAY['null', 'NULL', ''] | [null, NULL, ]",
        "'6f1e8f0e-0000-4000-8000-000000000001'::uuid | 6f1e8f0e-0000-4000-8000-000000000001"
      })
  void valuesAreReadAsTheyAre(String expression, String value) {
    build(TABLE, "SELECT %s AS v".formatted(expression));

    assertThat(read("SELECT %s".formatted(expression))).isEqualTo(value);
    assertThat(read("SELECT v FROM " + TABLE.sql())).isEqualTo(value);
  }

  @Test
  void namesOf63BytesAreKeptAndLongerOnesRefused() {
    var longest = new TableName("main", "ä".repeat(31) + "x");
    var longer = new TableName("main", "ä".repeat(32));

    assertThat(engine.objection(longest)).isEmpty();
    assertThat(engine.objection(longer)).hasValueSatisfying(why -> assertThat(why).contains("63"));
    build(TABLE, "SELECT 1 AS one");
    assertThat(engine.publishViews(Map.of(longest, TABLE), Set.of(), "p/shop")).isEmpty();
    assertThat(engine.existing(List.of(longest))).containsExactly(longest);
  }
}
