package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Queries with values for the givens of their model. */
class GivensTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String MODEL = "orders.malloy";
  private static final String OF = "run: of_customer -> { aggregate: total }";

  private static Client client;
  private static PackageApi p;

  @BeforeAll
  static void start() {
    Server server = Server.shared();
    client = server.client();
    PackageFiles.orders(server.packageFolder("givens"), "")
        .file(
            MODEL,
            """
            ##! experimental { persistence givens }
            #(doc) Whose orders
            given: CUSTOMER :: string is 'ann'
            given: LEAST :: number
            given: ITEMS :: filter<string> is f''
            given: NAMES :: string[]
            source: orders is duckdb.table('data/orders.csv')
            #@ persist name="by_customer"
            source: by_customer is orders -> { group_by: customer; aggregate: amount is amount.sum() }
            source: of_customer is by_customer extend {
              where: customer = $CUSTOMER
              measure: total is amount.sum()
            }
            source: large is orders extend { where: amount >= $LEAST; measure: n is count() }
            query: how_many is large -> { aggregate: n }
            """);
    p = server.register("givens");
    p.buildOk();
  }

  private static String path() {
    return p.path() + "/models/" + MODEL;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Answer get(String query, String givens, String... headers) {
    var request =
        client.request(
            path()
                + "/query?compactJson=true&query="
                + encoded(query)
                + "&givens="
                + encoded(givens));
    return client.send(headers.length == 0 ? request.GET() : request.headers(headers).GET());
  }

  @Test
  void aModelSaysWhatItsGivensAre() {
    JsonNode givens = client.get(path()).expect(200).json().path("givens");

    assertThat(givens.get(0).toString())
        .isEqualTo(
            "{\"name\":\"CUSTOMER\",\"type\":\"string\",\"annotations\":[\"#(doc) Whose orders\"],\"default\":\"'ann'\",\"bound\":false}");
    assertThat(givens.get(1).path("default").isNull()).isTrue();
    assertThat(givens.findValuesAsString("type"))
        .containsExactly("string", "number", "filter<string>", "string[]");
  }

  @Test
  void aTableAnswersForEachValueOverItsRows() {
    for (var one : Map.of("ann", 30, "bob", 70, "cid", 110).entrySet()) {
      Answer answer = p.query(MODEL, OF, "{\"CUSTOMER\":\"%s\"}".formatted(one.getKey()));

      assertThat(answer.expect(200).rows().toString())
          .isEqualTo("[{\"total\":%d}]".formatted(one.getValue()));
      assertThat(answer.json().at("/materialized/0/tableName").asString()).isEqualTo("by_customer");
      assertThat(answer.json().path("live")).isEmpty();
    }
    assertThat(p.rows(MODEL, OF).toString()).as("its default").isEqualTo("[{\"total\":30}]");
  }

  @Test
  void keptAnswersAndTheirTagsAreOfOneValue() {
    Answer ann = get(OF, "{\"CUSTOMER\":\"ann\"}").expect(200);
    Answer bob = get(OF, "{\"CUSTOMER\":\"bob\"}").expect(200);
    String tag = ann.header("ETag");

    assertThat(ann.rows().toString()).isEqualTo("[{\"total\":30}]");
    assertThat(bob.rows().toString()).isEqualTo("[{\"total\":70}]");
    assertThat(bob.header("ETag")).isNotEmpty().isNotEqualTo(tag);
    assertThat(get(OF, "{\"CUSTOMER\":\"ann\"}", "If-None-Match", tag).status()).isEqualTo(304);
    assertThat(get(OF, "{\"CUSTOMER\":\"bob\"}", "If-None-Match", tag).status()).isEqualTo(200);
    assertThat(get(OF, "{\"CUSTOMER\":\"ann\"}").expect(200).json().path("cached").asBoolean())
        .isTrue();
    assertThat(get(OF, "{\"CUSTOMER\":\"cid\"}").expect(200).rows().toString())
        .isEqualTo("[{\"total\":110}]");
  }

  @Test
  void valuesReachNamedQueriesChecksAndStreams() {
    assertThat(
            client
                .post(
                    path() + "/query",
                    "{\"queryName\":\"how_many\",\"compactJson\":true,\"givens\":{\"LEAST\":40}}")
                .expect(200)
                .rows()
                .toString())
        .isEqualTo("[{\"n\":3}]");
    assertThat(
            client
                .post(
                    path() + "/compile",
                    "{\"source\":\"run: large -> { aggregate: n }\",\"includeSql\":true,\"givens\":{\"LEAST\":40}}")
                .expect(200)
                .json()
                .path("sql")
                .asString())
        .contains(">=40");
    assertThat(
            client
                .send(
                    client
                        .request(path() + "/query")
                        .header("Content-Type", "application/json")
                        .header("Accept", "text/csv")
                        .POST(
                            java.net.http.HttpRequest.BodyPublishers.ofString(
                                "{\"queryName\":\"how_many\",\"givens\":{\"LEAST\":\"50\"}}")))
                .expect(200)
                .text())
        .isEqualTo("n\r\n2\r\n");
  }

  @Test
  void filtersAndListsAreValuesToo() {
    String items =
        "run: orders -> { where: item ~ $ITEMS, customer in $NAMES; aggregate: n is count() }";

    assertThat(
            p.query(MODEL, items, "{\"ITEMS\":\"p%\",\"NAMES\":[\"ann\",\"cid\"]}")
                .expect(200)
                .rows()
                .toString())
        .isEqualTo("[{\"n\":2}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "' OR '1'='1",
        "\\' OR 1=1 --",
        "\\\\' OR 1=1 --",
        "x'); DROP TABLE by_customer; --",
        "\n' OR 1=1 --",
        "\\\n\\' OR 1=1 --",
        "\r\\' OR 1=1 --",
        "$$ʼ’＇\u2028\u202e😀",
        "E'x'",
        "/* -- */",
        "%{ orders }",
        "ann\t",
        ""
      })
  void aHostileTextIsATextInSql(String text) {
    String givens = JSON.writeValueAsString(Map.of("CUSTOMER", text, "NAMES", List.of(text)));

    assertThat(p.query(MODEL, OF, givens).expect(200).rows().toString())
        .isEqualTo("[{\"total\":0}]");
    assertThat(
            p.query(
                    MODEL,
                    "run: orders -> { where: id = 1; select: is_it is $CUSTOMER, amount; limit: 1 }",
                    givens)
                .expect(200)
                .rows()
                .get(0)
                .path("is_it")
                .asString())
        .isEqualTo(text);
    assertThat(
            p.query(
                    MODEL,
                    "run: orders -> { where: customer in $NAMES; aggregate: n is count() }",
                    givens)
                .expect(200)
                .rows()
                .toString())
        .isEqualTo("[{\"n\":0}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"' OR '1'='1", "\\' OR 1=1 --%", "a', 'b", "\\\\%' --", "-'", "\n'"})
  void aHostileFilterFindsNothing(String filter) {
    String givens = JSON.writeValueAsString(Map.of("ITEMS", filter));

    Answer answer =
        p.query(MODEL, "run: orders -> { where: item ~ $ITEMS; aggregate: n is count() }", givens);

    if (answer.status() == 200) {
      assertThat(answer.rows().toString()).isIn("[{\"n\":0}]", "[{\"n\":6}]");
    } else {
      Refusal.check(answer, 400, "given_invalid", "\"ITEMS\" is no filter<string>");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"CUSTOMR":"x"} | "CUSTOMR" that a request can give; it has: CUSTOMER, LEAST, ITEMS, NAMES
          {"CUSTOMER":5} | "CUSTOMER" is of type string; it was given a number
          {"LEAST":"many"} | "LEAST" is of type number
          {"LEAST":true} | "LEAST" is of type number
          {"NAMES":"ann"} | "NAMES" is of type string[]
          {"NAMES":[1]} | an element 0 that is of type string
          {"CUSTOMER":"a\\u0000"} | NUL
          {"CUSTOMER":"\\ud83d"} | half a character
          """)
  void whatDoesNotFitIsRefused(String givens, String why) {
    Refusal.check(p.query(MODEL, OF, givens), 400, "given_invalid", why);
    Refusal.check(get(OF, givens), 400, "given_invalid", why);
    Refusal.check(
        client.post(
            path() + "/compile",
            "{\"source\":\"run: orders -> { select: * }\",\"givens\":%s}".formatted(givens)),
        400,
        "given_invalid",
        why);
  }

  @Test
  void largeNumbersAreNotRounded() {
    String query = "run: orders -> { where: id = 1; select: n is $LEAST }";

    assertThat(p.query(MODEL, query, "{\"LEAST\":9007199254740993}").expect(200).text())
        .contains("9007199254740993");
  }

  @Test
  void whatIsNoObjectIsRefused() {
    Refusal.check(get(OF, "[1]"), 400, "bad_request", "'givens' is no object");
    Refusal.check(get(OF, "{\"A\""), 400, "bad_request", "'givens' is not JSON");
    Refusal.check(p.query(MODEL, OF, "[1]"), 400, "bad_request", "givens");
    Refusal.check(p.query(MODEL, OF, "\"x\""), 400, "bad_request", "givens");
  }
}
