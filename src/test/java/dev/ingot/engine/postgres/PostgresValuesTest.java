package dev.ingot.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.EngineColumn;
import dev.ingot.engine.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read, and what a text of SQL may do. */
class PostgresValuesTest extends PostgresUnderTest {

  @Test
  void aLiteralEndsWhereMalloyThinksWhateverTheRoleSays() {
    database.asSuperuser(
        "ALTER ROLE %s SET standard_conforming_strings = off".formatted(database.user()));
    build(new TableName("main", "kept"), "SELECT 1 AS n");
    String literal = "\\'' ; COMMIT; DROP TABLE main.kept; SELECT 1 AS x --";

    assertThat(read("SELECT '" + literal + "' AS text")).isEqualTo(literal.replace("''", "'"));

    assertThat(database.column("SELECT n FROM main.kept")).containsExactly("1");
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
        CREATE TYPE main."Mood" AS ENUM ('Sad', 'Ok');
        CREATE TYPE mart.mood AS ENUM ('low', 'high');
        CREATE DOMAIN main.positive AS integer CHECK (VALUE > 0);
        CREATE TABLE main."Odd table" (id serial, "Mixed" main.positive, tags text[][],
          mood main.mood, moods main.mood[], "Moods" main."Mood"[], marts mart.mood[],
          amounts main.positive[], price numeric(10,2),
          code char(3), doc jsonb, at timestamptz, stay tstzrange)
        """);
    List<String> wanted =
        List.of(
            "id integer",
            "Mixed integer",
            "tags text[]",
            "mood USER-DEFINED",
            "moods USER-DEFINED[]",
            "Moods USER-DEFINED[]",
            "marts USER-DEFINED[]",
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
        "time '08:00:00' | 08:00:00",
        "time '08:00:00.5' | 08:00:00.5",
        "timetz '08:00:00+05:30' | 08:00:00+05:30",
        "timetz '08:00:00+00' | 08:00:00+00",
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
        "ARRAY[7, NULL]::main.positive[] | [7, null]",
        "ARRAY[true]::main.flag[] | [true]",
        "ARRAY['t']::main.\"Named\"[] | [t]",
        "'6f1e8f0e-0000-4000-8000-000000000001'::uuid | 6f1e8f0e-0000-4000-8000-000000000001"
      })
  void valuesAreReadAsTheyAre(String expression, String value) {
    database.execute(
        """
        CREATE DOMAIN main.positive AS integer CHECK (VALUE > 0);
        CREATE DOMAIN main.flag AS boolean;
        CREATE DOMAIN main."Named" AS text
        """);
    build(TABLE, "SELECT %s AS v".formatted(expression));

    assertThat(read("SELECT %s".formatted(expression))).isEqualTo(value);
    assertThat(read("SELECT v FROM " + TABLE.sql())).isEqualTo(value);
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
  void wideRowsAreReadPieceByPiece() {
    String select = "SELECT repeat('x', 1000000) || i FROM generate_series(1, 1000) AS i";

    assertThat(read(select)).hasSize(1_000_001);
    assertThatThrownBy(() -> read("SELECT repeat('x', 100000000)"))
        .isExactlyInstanceOf(EngineException.class)
        .hasMessageContaining("select less of it");
    assertThat(read("SELECT 1")).isEqualTo("1");
  }
}
