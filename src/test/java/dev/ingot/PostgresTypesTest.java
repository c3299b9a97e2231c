package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.TypedColumns.Column;
import dev.ingot.TypedColumns.Compared;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.MalloysPostgres;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.RunReport;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * PostgreSQL's types on their way into a table and out of a query over HTTP, beside the unpersisted
 * answer and that of Malloy's own PostgreSQL connection.
 */
class PostgresTypesTest {

  private static final String MODEL =
      PackageFiles.PERSISTENCE
          + """
          #@ persist
          source: stored is warehouse.table('public.every') -> { select: * }
          """;
  private static final String NONE = "run: stored -> { select: *; where: id < 0 }";

  private static List<String> queries;
  private static List<Answer> live;
  private static List<Answer> built;
  private static List<JsonNode> own;

  @BeforeAll
  static void askAll() {
    Server server = Server.shared();
    Client client = server.client();
    TestDatabase database = TestPostgres.database();
    String project = "/api/v0/projects/" + server.project();
    client.post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(server.project())).expect(201);
    client.post(project + "/connections", database.connection("warehouse")).expect(201);
    database.execute(TypedColumns.table());
    PackageFiles.create(server.packageFolder("types")).file("types.malloy", MODEL);
    PackageApi types = server.register("types");
    queries =
        Stream.concat(
                TypedColumns.ALL.stream()
                    .flatMap(column -> Stream.of(column.flat(), column.nested())),
                Stream.of(NONE))
            .toList();
    live = queries.stream().map(query -> types.query("types.malloy", query)).toList();
    assertThat(RunReport.what(types.buildOk())).containsExactly("stored BUILT NEW");
    built = queries.stream().map(query -> types.query("types.malloy", query)).toList();
    own = MalloysPostgres.answers(database, MODEL, queries);
    client.delete(project + "?stop=true").expect(204);
  }

  static List<Column> columns() {
    return TypedColumns.ALL;
  }

  @ParameterizedTest
  @MethodSource("columns")
  void aTableAnswersAsItsSource(Column column) {
    for (String query : List.of(column.flat(), column.nested())) {
      int number = queries.indexOf(query);
      Answer table = built.get(number);
      assertThat(table.status()).isEqualTo(live.get(number).status());
      if (table.status() == 200) {
        assertThat(table.json().path("live")).isEmpty();
        assertThat(live.get(number).json().path("live")).hasSize(1);
        // As texts: no digit may be another.
        assertThat(table.json().path("result")).isEqualTo(live.get(number).json().path("result"));
      } else {
        assertThat(table.text()).isEqualTo(live.get(number).text());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("columns")
  void itIsTheAnswerOfMalloysOwnConnection(Column column) {
    int number = queries.indexOf(column.flat());
    if (column.compared() == Compared.REFUSED) {
      assertThat(built.get(number).expect(422).text())
          .contains("The database gave an array where the model has a number");
      return;
    }
    List<JsonNode> ours = values(MalloysPostgres.exactly(built.get(number).expect(200)), "/v");
    List<JsonNode> malloys = values(own.get(number).path("rows"), "/v");
    assertThat(ours).hasSameSizeAs(malloys).hasSize(column.values().size() + 1);
    assertThat(List.of(ours.removeLast(), malloys.removeLast())).allMatch(JsonNode::isNull);
    switch (column.compared()) {
      case SAME -> assertThat(alike(column, ours)).isEqualTo(alike(column, malloys));
      case SINGLE ->
          assertThat(ours.stream().map(JsonNode::floatValue))
              .isEqualTo(malloys.stream().map(JsonNode::floatValue).toList());
      case LOST -> {
        assertThat(ours).noneMatch(JsonNode::isNull);
        assertThat(malloys).allMatch(JsonNode::isNull);
      }
      case TEXT -> {
        assertThat(ours).allMatch(value -> value.toString().matches("\\[?\"\\(.*\\)\"]?"));
        assertThat(malloys).allMatch(value -> value.toString().matches("\\[?\\{.*}]?"));
      }
      case REFUSED -> throw new AssertionError(column);
    }
  }

  @ParameterizedTest
  @MethodSource("columns")
  void whatIsNestedIsTheAnswerOfMalloysOwnConnection(Column column) {
    int number = queries.indexOf(column.nested());
    Answer answer = built.get(number);
    JsonNode error = own.get(number).path("error");
    if (error.isString()) {
      // What the database says to Malloy's SQL, such as that json has no order.
      assertThat(answer.expect(422).json().path("detail").asString()).startsWith(error.asString());
      return;
    }
    List<JsonNode> ours = values(MalloysPostgres.exactly(answer.expect(200)), "/n/0/v");
    List<JsonNode> malloys = values(own.get(number).path("rows"), "/n/0/v");
    assertThat(ours).hasSameSizeAs(malloys).hasSize(column.values().size() + 1);
    if (column.compared() == Compared.LOST) {
      assertThat(ours.subList(0, column.values().size())).noneMatch(JsonNode::isNull);
      assertThat(malloys).allMatch(JsonNode::isNull);
    } else {
      assertThat(alike(column, ours)).isEqualTo(alike(column, malloys));
    }
  }

  private static List<JsonNode> values(JsonNode rows, String at) {
    return rows.valueStream()
        .map(row -> row.at(at))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** Numbers as JavaScript has them, and days without the hour that JavaScript gives them. */
  private static List<Object> alike(Column column, List<JsonNode> values) {
    return values.stream().map(value -> alike(column, value)).toList();
  }

  private static Object alike(Column column, JsonNode value) {
    if (value.isNumber()) {
      return value.doubleValue() + 0.0;
    }
    if (value.isArray()) {
      return alike(column, value.valueStream().toList());
    }
    if (value.isObject()) {
      var fields = new LinkedHashMap<String, Object>();
      value.forEachEntry((name, field) -> fields.put(name, alike(column, field)));
      return List.copyOf(fields.entrySet());
    }
    return column.type().startsWith("date")
        ? value.asString("null").replace("T00:00:00.000Z", "")
        : value;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-9223372036854775808",
        "9223372036854775807",
        "9007199254740993",
        "123456789012345678901234567890.123456789",
        "12345678901234567890",
        "-99999999.99",
        "+020000-01-01",
        "-000043-03-15",
        "-004712-01-01T00:00:00.000Z",
        "0000-01-01T00:00:00.000Z"
      })
  void noDigitIsLost(String value) {
    assertThat(TypedColumns.ALL)
        .filteredOn(column -> column.compared() != Compared.REFUSED)
        .map(column -> built.get(queries.indexOf(column.flat())).expect(200))
        .anySatisfy(answer ->
            assertThat(values(MalloysPostgres.exactly(answer), "/v"))
                .anyMatch(found -> found.asString("").equals(value)));
  }

  @Test
  void noRowsAreNoRows() {
    int last = queries.size() - 1;

    assertThat(live.get(last).rows().toString()).isEqualTo("[]");
    assertThat(built.get(last).rows().toString()).isEqualTo("[]");
    assertThat(own.get(last).path("rows").toString()).isEqualTo("[]");
  }
}
