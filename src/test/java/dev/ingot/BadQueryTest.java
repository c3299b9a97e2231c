package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Queries that are not valid, or that take or give too much. */
class BadQueryTest extends BadInput {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run:",
        "run: nothing_like_it -> { select: * }",
        "run: duckdb.sql('select 1') -> { select: * }",
        "run: duckdb.table('data/orders.csv') -> { select: * }",
        "source: x is duckdb.table('data/orders.csv')\nrun: x -> { select: * }",
        "import 'orders.malloy'\nrun: orders -> items",
        "import '../../../home/state.duckdb'\nrun: orders -> items",
        "##! experimental.persistence\nrun: orders -> items",
        "run: orders -> { select: x is sql_number('1') }",
        "source: x is orders",
        "",
        " ",
        "\u0000",
        "select 1; drop view by_customer",
        "run: orders -> items; drop table x",
      })
  void aQueryThatDoesNotCompileOrReachesAroundTheModelIsRefused(String text) {
    Answer answer = good.query("orders.malloy", text);

    Refusal.check(answer, 400, "query_invalid");
    assertThat(answer.json().path("problems")).isNotEmpty();
  }

  @Test
  void aQueryThatIsNestedTooDeeplyForTheCompilerIsRefused() {
    String nested = "(".repeat(3000) + "1" + ")".repeat(3000);

    Answer answer = good.query("orders.malloy", "run: orders -> { group_by: x is " + nested + " }");

    Refusal.check(answer, 400, "query_invalid", "nested too deeply");
  }

  @Test
  void aSyntaxErrorIsAnsweredWithItsPlace() {
    Answer answer = good.query("orders.malloy", "run: orders -> {\n  group_by: customr\n}");

    Refusal.check(answer, 400, "query_invalid", "customr");
    JsonNode problem = answer.json().path("problems").get(0);
    assertThat(problem.path("line").asInt()).isEqualTo(2);
    assertThat(problem.path("column").asInt()).isEqualTo(13);
    assertThat(problem.path("severity").asString()).isEqualTo("error");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"queryName\":\"none\"} | 404 | query_not_found",
        "{\"sourceName\":\"orders\",\"queryName\":\"none\"} | 404 | query_not_found",
        "{\"sourceName\":\"none\",\"queryName\":\"items\"} | 404 | query_not_found",
        "{\"sourceName\":\"orders\",\"queryName\":\"customer\"} | 404 | query_not_found",
        "{\"sourceName\":\"orders -> items\",\"queryName\":\"x`; y\"} | 404 | query_not_found",
        "{\"sourceName\":\"orders\"} | 400 | bad_request",
        "{\"compactJson\":true} | 400 | bad_request",
        "{\"query\":\"run: orders -> items\",\"queryName\":\"items\"} | 400 | bad_request",
        "{\"query\":\"run: orders -> items\",\"sourceName\":\"orders\"} | 400 | bad_request",
        "{\"query\":\"run: orders -> items\",\"filterParams\":{\"a\":1}} | 400 | not_supported",
        "{\"query\":\"run: orders -> items\",\"filterParams\":[]} | 400 | bad_request",
        "{\"query\":\"run: orders -> items\",\"bypassFilters\":true} | 400 | not_supported",
        "{\"query\":\"run: orders -> items\",\"bypassFilters\":[\"a\"]} | 400 | not_supported",
      })
  void aQueryIsNamedInOneWay(String body, int status, String code) {
    Refusal.check(client.post(QUERY, body), status, code);
  }

  @Test
  void anUnknownQueryIsAnsweredWithThoseThatAre() {
    Refusal.check(
        client.post(QUERY, "{\"sourceName\":\"orders\",\"queryName\":\"item\"}"),
        404,
        "query_not_found",
        "items");
  }

  @Test
  void filtersThatAreEmptyAreNoFilters() {
    client
        .post(
            QUERY,
            "{\"query\":\"run: orders -> items\",\"filterParams\":{},\"bypassFilters\":false}")
        .expect(200);
  }

  @Test
  void aResultOverTheRowLimitIsRefusedWithTheSettingsName() {
    Refusal.check(
        good.query("orders.malloy", "run: many -> { group_by: n; where: n < 1001 }"),
        413,
        "result_too_large",
        "1000 rows",
        "ingot.query.max-rows");
    assertThat(good.rows("orders.malloy", "run: many -> { group_by: n; where: n < 1000 }"))
        .hasSize(1000);
  }

  @Test
  void aResultOverTheByteLimitIsRefusedWithTheSettingsName() {
    Refusal.check(
        good.query(
            "orders.malloy",
            "run: many -> { group_by: n, x is repeat('äöü', 5000); where: n < 2 }"),
        413,
        "result_too_large",
        "ingot.query.max-result-size");
  }

  @Test
  void aQueryOverTheTimeLimitIsEndedWithTheSettingsName() {
    Refusal.check(
        good.query("orders.malloy", "run: endless -> { aggregate: x is max(h) }"),
        504,
        "timeout",
        "2000 ms",
        "ingot.query.timeout");
  }

  @Test
  void aQueryThatTheDatabaseRefusesIsA422() {
    Refusal.check(
        good.query("orders.malloy", "run: orders -> { select: x is customer::number; limit: 5 }"),
        422,
        "query_failed",
        "ann");
  }

  @Test
  void aQueryTextOverTheCompilersLimitIsRefused() {
    Refusal.check(
        good.query("orders.malloy", "-- " + "x".repeat(MEGABYTE)), 413, "request_too_large");
  }
}
