package dev.ingot;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** A column of the source, the plain value that is due for it, and Malloy's cell. */
record Column(String name, String sql, String plain, String cell) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String UUID = "6ccd780c-baba-1026-9564-5b8c656024db";

  static final List<Column> COLUMNS =
      List.of(
          Column.text("s", "'a\"\u00fc\ud83e\udd86'", "a\"\u00fc\ud83e\udd86"),
          Column.text("empty", "''", ""),
          Column.text("clock", "time '01:02:03.5'", "01:02:03.500"),
          Column.number("n", "7", "integer", "7"),
          Column.number("tiny", "255::utinyint", "integer", "255"),
          Column.number("big", "9007199254740993::bigint", "bigint", "9007199254740993"),
          Column.number("ubig", "18446744073709551615::ubigint", "bigint", "18446744073709551615"),
          Column.number(
              "huge",
              "(-170141183460469231731687303715884105727)::hugeint",
              "bigint",
              "-170141183460469231731687303715884105727"),
          Column.number("dec", "12.340::decimal(18,3)", "decimal", "12.340"),
          Column.number(
              "bigdec",
              "123456789012345678901234567890.12::decimal(38,2)",
              "decimal",
              "123456789012345678901234567890.12"),
          Column.number("dbl", "1.5::double", "decimal", "1.5"),
          Column.number("whole", "2::double", "decimal", "2"),
          Column.number("single", "0.1::float", "decimal", "0.1"),
          Column.notFinite("nan", "'nan'::double", "NaN"),
          Column.notFinite("inf", "'infinity'::double", "Infinity"),
          Column.notFinite("ninf", "'-infinity'::float", "-Infinity"),
          Column.of("yes", "true", "true", Column.cellOf("boolean", "true")),
          Column.of("no", "false", "false", Column.cellOf("boolean", "false")),
          Column.of(
              "leap",
              "date '2024-02-29'",
              "\"2024-02-29\"",
              Column.cellOf("date", "\"2024-02-29T00:00:00.000Z\"")),
          Column.of(
              "ides",
              "date '0044-03-15'",
              "\"0044-03-15\"",
              Column.cellOf("date", "\"0044-03-15T00:00:00.000Z\"")),
          Column.of(
              "ts",
              "timestamp '2024-02-29 13:14:15.678901'",
              "\"2024-02-29T13:14:15.678Z\"",
              Column.cellOf("timestamp", "\"2024-02-29T13:14:15.678Z\"")),
          Column.of(
              "zoned",
              "timestamptz '2024-02-29 00:30:00+02'",
              "\"2024-02-28T22:30:00.000Z\"",
              Column.cellOf("timestamp", "\"2024-02-28T22:30:00.000Z\"")),
          Column.of("none", "null::varchar", "null", "{\"kind\":\"null_cell\"}"),
          Column.of("nonum", "null::integer", "null", "{\"kind\":\"null_cell\"}"),
          Column.of("norec", "null::struct(a integer)", "null", "{\"kind\":\"null_cell\"}"),
          Column.of(
              "rec",
              "{'x': 1, 'y': 'z', 'w': null::date}",
              "{\"x\":1,\"y\":\"z\",\"w\":null}",
              """
              {"kind":"record_cell","record_value":[
                {"kind":"number_cell","number_value":1,"subtype":"integer"},
                {"kind":"string_cell","string_value":"z"},{"kind":"null_cell"}]}
              """),
          Column.of(
              "arr",
              "[1, null]",
              "[1,null]",
              """
              {"kind":"array_cell","array_value":[
                {"kind":"number_cell","number_value":1,"subtype":"integer"},{"kind":"null_cell"}]}
              """),
          Column.of("noarr", "[]::integer[]", "[]", "{\"kind\":\"array_cell\",\"array_value\":[]}"),
          Column.of(
              "deep",
              "[[1], []]",
              "[[1],[]]",
              """
              {"kind":"array_cell","array_value":[
                {"kind":"array_cell","array_value":[
                  {"kind":"number_cell","number_value":1,"subtype":"integer"}]},
                {"kind":"array_cell","array_value":[]}]}
              """),
          Column.of(
              "recs",
              "[{'k': 9007199254740993::bigint, 'l': date '2020-01-01', 'u': '%s'::uuid}]"
                  .formatted(UUID),
              "[{\"k\":9007199254740993,\"l\":\"2020-01-01\",\"u\":\"%s\"}]".formatted(UUID),
              """
              {"kind":"array_cell","array_value":[{"kind":"record_cell","record_value":[
                {"kind":"number_cell","number_value":9007199254740993,"subtype":"bigint",
                  "string_value":"9007199254740993"},
                {"kind":"date_cell","date_value":"2020-01-01T00:00:00.000Z"},
                {"kind":"sql_native_cell","sql_native_value":"\\"%s\\""}]}]}
              """
                  .formatted(UUID)),
          Column.other("uid", "'%s'::uuid".formatted(UUID), "\"" + UUID + "\""),
          Column.other("span", "interval '1 month 2 days'", "\"1 month 2 days\""),
          Column.other("bytes", "from_hex('AA00')", "\"aa00\""),
          Column.other("json", "'{\"a\":[1,null]}'::json", "\"{\\\"a\\\":[1,null]}\""),
          Column.other("pairs", "map {'a': 1, 'b': null}", "{\"a\":1,\"b\":null}"),
          Column.other("bits", "'101'::bit", "\"101\""),
          Column.text("mood", "'happy'::enum('sad', 'happy')::varchar", "happy"),
          Column.number("Gr\u00f6\u00dfe \ud83e\udd86", "1", "integer", "1"),
          Column.number("a b.c", "2", "integer", "2"));

  static Column of(String name, String sql, String plain, String cell) {
    return new Column(name, sql, plain, cell);
  }

  static Column text(String name, String sql, String value) {
    return of(name, sql, quote(value), cellOf("string", quote(value)));
  }

  static Column number(String name, String sql, String subtype, String value) {
    String exact = subtype.equals("bigint") ? ",\"string_value\":\"" + value + "\"" : "";
    return of(
        name,
        sql,
        value,
        "{\"kind\":\"number_cell\",\"number_value\":%s,\"subtype\":\"%s\"%s}"
            .formatted(value, subtype, exact));
  }

  static Column notFinite(String name, String sql, String value) {
    return of(
        name,
        sql,
        "null",
        "{\"kind\":\"number_cell\",\"number_value\":null,\"subtype\":\"decimal\",\"string_value\":\"%s\"}"
            .formatted(value));
  }

  /** Malloy gives these as JSON text. */
  static Column other(String name, String sql, String plain) {
    return of(name, sql, plain, cellOf("sql_native", quote(plain)));
  }

  static String cellOf(String kind, String value) {
    return "{\"kind\":\"%s_cell\",\"%s_value\":%s}".formatted(kind, kind, value);
  }

  static String quote(String text) {
    return JSON.writeValueAsString(text);
  }

  @Override
  public String toString() {
    return name + " of " + sql;
  }
}
