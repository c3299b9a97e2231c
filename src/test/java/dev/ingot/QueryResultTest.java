package dev.ingot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.RawRequest;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;

class QueryResultTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Reads every digit of a number, as a string has it. */
  private static final JsonMapper EXACT =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /** A column of the source, the plain value that is due for it, and Malloy's cell. */
  record Column(String name, String sql, String plain, String cell) {
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

  private static final String UUID = "6ccd780c-baba-1026-9564-5b8c656024db";

  private static final List<Column> COLUMNS =
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

  private static final String MODEL =
      """
      source: cells is duckdb.sql(\"""select $COLUMNS \""") extend {
        view: just_n is { select: n }
      }
      source: orders is duckdb.table('data/orders.csv') extend { measure: total is amount.sum() }
      #@ persist name="by_customer"
      source: by_customer is orders -> { group_by: customer; aggregate: total }
      query: top_customer is by_customer -> { select: *; order_by: total desc; limit: 1 }
      query: by_item is orders -> {
        group_by: item
        aggregate: total
        nest: customers is { group_by: customer; aggregate: total; order_by: customer }
        order_by: item
      }
      source: endless is duckdb.sql(\"""$SLOW\""")
      source: lengthy is duckdb.sql(
        \"""select hash(a.range, b.range) as h from range(20000) a, range(10000) b\""")
      """;

  private static final PackageKey KEY = PackageKey.of("p", "results");

  @TempDir static Path folder;
  private static Server server;
  private static Client client;
  private static PackageApi results;
  private static JsonNode stable;
  private static JsonNode plain;

  @BeforeAll
  static void start() {
    server = Server.start(folder, "ingot.query.timeout=1h");
    client = server.client();
    String select =
        COLUMNS.stream()
            .map(column -> "%s as \"%s\"".formatted(column.sql(), column.name()))
            .collect(Collectors.joining(",\n"));
    PackageFiles.orders(
        server.packageFolder("results"),
        MODEL.replace("$COLUMNS", select).replace("$SLOW", SlowSql.SELECT));
    results = server.register("results");
    results.buildOk();
    stable = resultOf(Map.of("query", "run: cells -> { select: * }"));
    plain = resultOf(Map.of("query", "run: cells -> { select: * }", "compactJson", true));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Answer post(String action, Object body) {
    return client.post(
        results.path() + "/models/orders.malloy/" + action, JSON.writeValueAsString(body));
  }

  private static JsonNode resultOf(Object query) {
    return post("query", query).expect(200).rows();
  }

  static List<Column> columns() {
    return COLUMNS;
  }

  @ParameterizedTest
  @MethodSource("columns")
  void everyKindOfValueIsItsCellAndItsPlainValue(Column column) {
    JsonNode fields = stable.path("schema").path("fields");
    JsonNode row = stable.path("data").path("array_value").path(0).path("record_value");
    List<String> names = fields.valueStream().map(field -> field.path("name").asString()).toList();
    JsonNode cell = row.path(names.indexOf(column.name()));

    // As text: numbers that are equal as doubles would pass otherwise.
    assertThat(cell.toString()).isEqualTo(JSON.readTree(column.cell()).toString());
    assertThat(plain.path(0).path(column.name()).toString())
        .isEqualTo(JSON.readTree(column.plain()).toString());
  }

  @Test
  void aStableResultHasItsSchemaInTheOrderOfItsCells() {
    JsonNode fields = stable.path("schema").path("fields");

    assertThat(fields.valueStream().map(field -> field.path("name").asString()))
        .containsExactlyInAnyOrderElementsOf(COLUMNS.stream().map(Column::name).toList());
    assertThat(plain.path(0).propertyNames())
        .containsExactlyElementsOf(
            fields.valueStream().map(field -> field.path("name").asString()).toList());
    assertThat(stable.path("connection_name").asString()).isEqualTo("duckdb");
    assertThat(stable.path("data").path("kind").asString()).isEqualTo("array_cell");
  }

  @Test
  void ndjsonHasThePlainValuesOnALineForEachRow() {
    Answer answer = stream("run: cells -> { select: * }", "application/x-ndjson").expect(200);

    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
    assertThat(answer.text()).endsWith("}\n");
    assertThat(answer.text().lines()).hasSize(1);
    assertThat(answer.json().toString()).isEqualTo(plain.path(0).toString());
  }

  @Test
  void csvHasThePlainValuesAndJsonTextForWhatNests() {
    Answer answer = stream("run: cells -> { select: * }", "text/csv").expect(200);
    List<List<String>> lines =
        new CsvMapper()
            .readerForListOf(String.class)
            .with(CsvReadFeature.WRAP_AS_ARRAY)
            .<List<String>>readValues(answer.text())
            .readAll();

    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .isEqualToIgnoringCase("text/csv;charset=UTF-8");
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).containsExactlyElementsOf(plain.path(0).propertyNames());
    assertThat(lines.getLast())
        .containsExactlyElementsOf(
            EXACT
                .readTree(stream("run: cells -> { select: * }", "application/x-ndjson").text())
                .valueStream()
                .map(QueryResultTest::csvText)
                .toList());
  }

  private static String csvText(JsonNode value) {
    return value.isNull() ? "" : value.isString() ? value.asString() : value.toString();
  }

  @Test
  void csvTellsNullFromTheEmptyTextAndQuotesWhatNeedsIt() {
    Answer answer =
        stream(
            "run: cells -> { select: empty, none, n, s, t is 'a,b', l is concat('x', '\\n') }",
            "text/csv");

    assertThat(answer.expect(200).text())
        .isEqualTo("empty,none,n,s,t,l\r\n\"\",,7,\"a\"\"\u00fc\ud83e\udd86\",\"a,b\",\"x\n\"\r\n");
  }

  @Test
  void aStreamWithoutRowsIsAHeaderOrNothing() {
    String query = "run: cells -> { select: n, s; where: n > 7 }";

    assertThat(stream(query, "text/csv").expect(200).text()).isEqualTo("n,s\r\n");
    assertThat(stream(query, "application/x-ndjson").expect(200).text()).isEmpty();
  }

  @Test
  void theAcceptHeaderChoosesTheForm() {
    String query = "run: cells -> { select: n }";

    assertThat(stream(query, "*/*").expect(200).rows().isObject()).isTrue();
    assertThat(stream(query, "text/csv;q=0.5, application/json").expect(200).rows().isObject())
        .isTrue();
    assertThat(stream(query, "application/json;q=0.5, text/csv").expect(200).text())
        .isEqualTo("n\r\n7\r\n");
    assertThat(stream(query, "text/*").expect(200).text()).isEqualTo("n\r\n7\r\n");
    Refusal.check(stream(query, "text/html"), 406, "not_acceptable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/csv", "application/x-ndjson"})
  void whatIsWrongBeforeTheFirstByteIsAProblemLikeAnyOther(String accept) {
    Refusal.check(stream("run: nothing -> { select: * }", accept), 400, "query_invalid", "nothing");
    Refusal.check(
        stream("run: cells -> { select: n, N is s }", accept), 422, "query_failed", "rename");
    Refusal.check(stream("run: cells -> { select: x is s::number }", accept), 422, "query_failed");
  }

  private static Answer stream(String query, String accept) {
    return client.send(results.streaming("orders.malloy", query, accept));
  }

  @Test
  void aResultWithoutRowsIsAnEmptyArray() {
    String query = "run: cells -> { select: n; where: n > 7 }";

    JsonNode empty = resultOf(Map.of("query", query));

    assertThat(empty.path("data").path("array_value").isArray()).isTrue();
    assertThat(empty.path("data").path("array_value")).isEmpty();
    assertThat(empty.path("schema").path("fields")).hasSize(1);
    assertThat(resultOf(Map.of("query", query, "compactJson", true)).toString()).isEqualTo("[]");
  }

  @Test
  void fieldsThatDifferOnlyInCaseAreRefusedRatherThanMixedUp() {
    Refusal.check(
        results.query("orders.malloy", "run: cells -> { select: n, N is s }"),
        422,
        "query_failed",
        "'n' and 'N'",
        "rename");
  }

  @Test
  void aQueryIsAnsweredByItsNameFromTheTableThatItReads() {
    Answer answer = results.named("orders.malloy", "top_customer").expect(200);

    assertThat(answer.rows().toString()).isEqualTo("[{\"customer\":\"cid\",\"total\":110}]");
    assertThat(answer.json().path("materialized").get(0).path("source").asString())
        .isEqualTo("by_customer");
    assertThat(answer.json().path("live")).isEmpty();
  }

  @Test
  void aNestedQueryNestsItsRows() {
    assertThat(results.named("orders.malloy", "by_item").expect(200).rows().toString())
        .isEqualTo(
            JSON.readTree(
                    """
                    [{"item":"ink","total":120,"customers":[
                        {"customer":"ann","total":20},{"customer":"bob","total":40},
                        {"customer":"cid","total":60}]},
                      {"item":"pen","total":90,"customers":[
                        {"customer":"ann","total":10},{"customer":"bob","total":30},
                        {"customer":"cid","total":50}]}]
                    """)
                .toString());
  }

  @Test
  void aViewIsAnsweredByItsSourceAndItsName() {
    JsonNode rows =
        resultOf(Map.of("sourceName", "cells", "queryName", "just_n", "compactJson", true));

    assertThat(rows.toString()).isEqualTo("[{\"n\":7}]");
  }

  @Test
  void compilingGivesTheSqlOnlyWhenItIsAskedFor() {
    String source = "run: by_customer -> { select: customer }";

    JsonNode bare = post("compile", Map.of("source", source)).expect(200).json();
    JsonNode withSql =
        post("compile", Map.of("source", source, "includeSql", true)).expect(200).json();

    assertThat(bare.path("status").asString()).isEqualTo("success");
    assertThat(bare.path("problems")).isEmpty();
    assertThat(bare.path("sql").isNull()).isTrue();
    assertThat(withSql.path("status").asString()).isEqualTo("success");
    assertThat(withSql.path("sql").asString()).contains("SELECT").contains("by_customer__");
  }

  @Test
  void whatDoesNotCompileIsReportedWithItsPlaceAndIsNoError() {
    JsonNode checked =
        post("compile", Map.of("source", "\nrun: nothing -> { select: * }", "includeSql", true))
            .expect(200)
            .json();

    assertThat(checked.path("status").asString()).isEqualTo("error");
    assertThat(checked.path("sql").isNull()).isTrue();
    JsonNode problem = checked.path("problems").get(0);
    assertThat(problem.path("message").asString()).contains("nothing");
    assertThat(problem.path("line").asInt()).isEqualTo(2);
    assertThat(problem.path("model").isNull()).isTrue();
  }

  @Test
  void aSourceIsCompiledWithoutAQueryInIt() {
    JsonNode checked =
        post("compile", Map.of("source", "source: more is orders extend {}", "includeSql", true))
            .expect(200)
            .json();

    assertThat(checked.path("status").asString()).isEqualTo("success");
    assertThat(checked.path("sql").isNull()).isTrue();
  }

  @Test
  void aQueryWhoseClientHangsUpIsEnded() throws IOException {
    ServedPackages served = server.bean(ServedPackages.class);
    String body =
        JSON.writeValueAsString(Map.of("query", "run: endless -> { aggregate: x is max(h) }"));
    for (int i = 0; i < 3; i++) {
      try (Socket socket =
          RawRequest.post(client.url(), results.path() + "/models/orders.malloy/query", body)) {
        Wait.until("the query runs", () -> served.get(KEY).pins() == 1);
        assertThat(socket.isConnected()).isTrue();
      }
      // It would run for hours, and nothing but the hanging up could end it.
      Wait.until("the query has ended", () -> served.get(KEY).pins() == 0);
    }
    results.query("orders.malloy", "run: cells -> { select: n }").expect(200);
  }

  @Test
  void aClientThatWaitsIsNotTakenForOneThatHungUp() throws IOException {
    // This one takes longer than the watch needs to look a few times.
    String body =
        JSON.writeValueAsString(
            Map.of("query", "run: lengthy -> { aggregate: x is max(h) }", "compactJson", true));
    try (Socket socket =
        RawRequest.post(client.url(), results.path() + "/models/orders.malloy/query", body)) {
      byte[] first = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      assertThat(new String(first, US_ASCII)).isEqualTo("HTTP/1.1 200");
    }
  }
}
