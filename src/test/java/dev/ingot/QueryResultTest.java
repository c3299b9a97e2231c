package dev.ingot;

import static dev.ingot.Column.COLUMNS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Refusal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;

/** The forms of a result: cells, plain values, NDJSON and CSV. */
class QueryResultTest extends QueryResult {

  /** Reads every digit of a number, as a string has it. */
  private static final JsonMapper EXACT =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

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
}
