package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that SQL has and Java's clock, calendar or lists have not. */
class OddValuesTest extends ValueForms {

  OddValuesTest() {
    super(
        Map.ofEntries(
            column("eight", "time '08:00:00'", "'08:00:00'"),
            column("fraction", "time '08:00:00.25'", "'08:00:00.250'"),
            column("midnight", "time '24:00:00'", "'24:00:00'"),
            column("eight_zoned", "timetz '08:00:00+02'", "'08:00:00+02:00'"),
            column("midnight_zoned", "timetz '24:00:00+00'", "'24:00:00Z'"),
            column("midnight_west", "timetz '24:00:00-05:30'", "'24:00:00-05:30'"),
            column("clocks", "[time '08:00:00', null]", "['08:00:00',null]"),
            column("clock_in_rec", "{'a': time '08:00:00'}", "{'a':'08:00:00'}"),
            column(
                "clock_in_map",
                "map {time '08:00:00': time '09:00:00'}",
                "{'08:00:00':'09:00:00'}"),
            column("ever", "date 'infinity'", "'infinity'"),
            column("never", "date '-infinity'", "'-infinity'"),
            column("ever_ts", "timestamp 'infinity'", "'infinity'"),
            column("never_ts", "timestamp '-infinity'", "'-infinity'"),
            column("ever_s", "timestamp_s 'infinity'", "'infinity'"),
            column("never_ms", "timestamp_ms '-infinity'", "'-infinity'"),
            column("ever_ns", "timestamp_ns 'infinity'", "'infinity'"),
            column("ever_tz", "timestamptz 'infinity'", "'infinity'"),
            column("never_tz", "timestamptz '-infinity'", "'-infinity'"),
            column("bc", "date '0044-03-15 (BC)'", "'-000043-03-15'"),
            column(
                "bc_ts", "timestamp '0044-03-15 (BC) 01:02:03'", "'-000043-03-15T01:02:03.000Z'"),
            column(
                "bc_tz",
                "timestamptz '0044-03-15 (BC) 01:02:03+00'",
                "'-000043-03-15T01:02:03.000Z'"),
            column("year_0", "date '0001-12-31 (BC)'", "'0000-12-31'"),
            column("far", "date '12345-01-01'", "'+012345-01-01'"),
            column("far_ts", "timestamp '12345-01-01 01:02:03.5'", "'+012345-01-01T01:02:03.500Z'"),
            column(
                "far_tz", "timestamptz '12345-01-01 00:00:00+01'", "'+012344-12-31T23:00:00.000Z'"),
            column("last", "date '5881580-07-10'", "'+5881580-07-10'"),
            column(
                "moments",
                "[timestamp 'infinity', timestamp '12345-01-01 00:00:00']",
                "['infinity','+012345-01-01T00:00:00.000Z']"),
            column("zoned_moments", "[timestamptz '-infinity']", "['-infinity']"),
            column(
                "days",
                "[date 'infinity', date '0044-03-15 (BC)']",
                "['infinity','-000043-03-15']"),
            column(
                "rec",
                "{'at': timestamp '-infinity', 'on': date '12345-01-01'}",
                "{'at':'-infinity','on':'+012345-01-01'}"),
            column(
                "by_day",
                "map {date 'infinity': date '0044-03-15 (BC)'}",
                "{'infinity':'-000043-03-15'}"),
            column("fixed", "[1.5, 2.5]::float[2]", "[1.5,2.5]"),
            column("no_fixed", "null::float[2]", "null"),
            column("fixed_text", "['a', null]::varchar[2]", "['a',null]"),
            column("fixed_fixed", "[[1, 2], [3, 4]]::integer[2][2]", "[[1,2],[3,4]]"),
            column("fixed_in_rec", "[{'a': [date 'infinity']::date[1]}]", "[{'a':['infinity']}]")));
  }

  /** The driver fails over the time before anybody sees the list. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[time '24:00:00']",
        "{'a': time '24:00:00'}",
        "map {'a': time '24:00:00'}",
        "[timetz '24:00:00+00']"
      })
  void theEndOfADayWithinAnotherValueIsSaidToBeThat(String sql) {
    String name = "nested-" + Integer.toHexString(sql.hashCode());
    Server shared = Server.shared();
    PackageFiles.create(shared.packageFolder(name))
        .model("m.malloy", "source: s is duckdb.sql(\"SELECT 1 AS n, %s AS v\")".formatted(sql));
    PackageApi nested = shared.register(name);

    Refusal.check(
        nested.query("m.malloy", "run: s -> { select: * }"),
        422,
        "query_failed",
        "24:00:00",
        "cast it to VARCHAR");
    assertThat(nested.rows("m.malloy", "run: s -> { select: n }")).hasToString("[{\"n\":1}]");
  }
}
