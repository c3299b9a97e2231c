package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;

/** Days that the calendar of Rome left out in 1582 are days in SQL. */
class OldTimesTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** SQL, and the plain value that is due for it. */
  private static final Map<String, List<String>> COLUMNS =
      Map.ofEntries(
          column("ts", "timestamp '1582-10-10 01:02:03.456'", "'1582-10-10T01:02:03.456Z'"),
          column("ts_s", "timestamp_s '1582-10-05 23:59:59'", "'1582-10-05T23:59:59.000Z'"),
          column("ts_ms", "timestamp_ms '1582-10-14 00:00:00.001'", "'1582-10-14T00:00:00.001Z'"),
          column("ts_ns", "timestamp_ns '1700-02-28 12:00:00'", "'1700-02-28T12:00:00.000Z'"),
          column("tz", "timestamptz '1582-10-10 01:02:03+02'", "'1582-10-09T23:02:03.000Z'"),
          column("d", "date '1582-10-10'", "'1582-10-10'"),
          column("leap", "timestamp '1500-02-28 00:00:00'", "'1500-02-28T00:00:00.000Z'"),
          column("roman", "timestamp '0044-03-15 12:00:00'", "'0044-03-15T12:00:00.000Z'"),
          column("first", "timestamp '0001-01-01 00:00:00'", "'0001-01-01T00:00:00.000Z'"),
          column("new", "timestamp '1582-10-15 00:00:00'", "'1582-10-15T00:00:00.000Z'"),
          column(
              "listed",
              "[timestamp '1582-10-10 00:00:00', null]",
              "['1582-10-10T00:00:00.000Z',null]"),
          column("days", "[date '1582-10-10']", "['1582-10-10']"),
          column("zoned", "[timestamptz '1582-10-10 00:00:00+00']", "['1582-10-10T00:00:00.000Z']"),
          column(
              "rec",
              "{'at': timestamp '1582-10-10 00:00:00', 'on': date '1582-10-11'}",
              "{'at':'1582-10-10T00:00:00.000Z','on':'1582-10-11'}"),
          column(
              "recs",
              "[{'at': [[timestamp '1582-10-10 00:00:00']]}]",
              "[{'at':[['1582-10-10T00:00:00.000Z']]}]"),
          column(
              "pairs",
              "map {'a': timestamp '1582-10-10 00:00:00'}",
              "{'a':'1582-10-10T00:00:00.000Z'}"),
          column(
              "keys",
              "map {timestamp '1582-10-10 00:00:00.25': [timestamp_s '1582-10-10 00:00:00']}",
              "{'1582-10-10 00:00:00.25':['1582-10-10T00:00:00.000Z']}"));

  @TempDir static Path folder;
  private static Server server;
  private static PackageApi api;

  private static Map.Entry<String, List<String>> column(String name, String sql, String plain) {
    return Map.entry(name, List.of(sql, plain.replace('\'', '"')));
  }

  @BeforeAll
  static void start() {
    server = Server.start(folder);
    String select =
        COLUMNS.entrySet().stream()
            .map(column -> "%s as \"%s\"".formatted(column.getValue().getFirst(), column.getKey()))
            .collect(Collectors.joining(", "));
    PackageFiles.create(server.packageFolder("old"))
        .model(
            "old.malloy",
            """
            source: live is duckdb.sql(\"""select %s \""")
            #@ persist name="kept"
            source: kept is live -> { select: * }
            """
                .formatted(select));
    api = server.register("old");
    api.buildOk();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "kept"})
  void theCompactFormHasThem(String source) {
    Answer answer = post(source, true);

    assertThat(answer.json().path("materialized").size()).isEqualTo(source.equals("kept") ? 1 : 0);
    requirePlain(answer.rows().path(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "kept"})
  void ndjsonHasThem(String source) {
    requirePlain(stream(source, "application/x-ndjson").json());
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "kept"})
  void csvHasThem(String source) {
    List<List<String>> lines =
        new CsvMapper()
            .readerForListOf(String.class)
            .with(CsvReadFeature.WRAP_AS_ARRAY)
            .<List<String>>readValues(stream(source, "text/csv").text())
            .readAll();

    for (int i = 0; i < COLUMNS.size(); i++) {
      JsonNode due = due(lines.getFirst().get(i));
      assertThat(lines.getLast().get(i)).isEqualTo(due.isString() ? due.asString() : "" + due);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "kept"})
  void theStableFormHasThem(String source) {
    JsonNode result = post(source, false).rows();
    JsonNode fields = result.path("schema").path("fields");
    JsonNode cells = result.path("data").path("array_value").path(0).path("record_value");

    assertThat(fields.size()).isEqualTo(COLUMNS.size());
    for (int i = 0; i < fields.size(); i++) {
      JsonNode due = due(fields.path(i).path("name").asString());
      assertThat(plain(cells.path(i), due)).isEqualTo(due.toString());
    }
  }

  /** A cell as the plain value that it stands for; a date cell has a time of day. */
  private static String plain(JsonNode cell, JsonNode due) {
    String kind = cell.path("kind").asString();
    JsonNode value = cell.path(kind.replace("_cell", "_value"));
    return switch (kind) {
      case "null_cell" -> "null";
      case "sql_native_cell" -> value.asString();
      case "date_cell" -> "\"" + value.asString().substring(0, 10) + "\"";
      case "array_cell" -> {
        var values = new ArrayList<String>();
        for (int i = 0; i < value.size(); i++) {
          values.add(plain(value.path(i), due.path(i)));
        }
        yield "[" + String.join(",", values) + "]";
      }
      case "record_cell" -> {
        var names = List.copyOf(due.propertyNames());
        var values = new ArrayList<String>();
        for (int i = 0; i < value.size(); i++) {
          String name = names.get(i);
          values.add("\"%s\":%s".formatted(name, plain(value.path(i), due.path(name))));
        }
        yield "{" + String.join(",", values) + "}";
      }
      default -> value.toString();
    };
  }

  private static void requirePlain(JsonNode row) {
    assertThat(row.size()).isEqualTo(COLUMNS.size());
    for (Map.Entry<String, JsonNode> value : row.properties()) {
      assertThat(value.getValue()).as(value.getKey()).isEqualTo(due(value.getKey()));
    }
  }

  private static JsonNode due(String column) {
    return JSON.readTree(COLUMNS.getOrDefault(column, List.of()).getLast());
  }

  private static Answer post(String source, boolean compact) {
    return server
        .client()
        .post(
            api.path() + "/models/old.malloy/query",
            JSON.writeValueAsString(Map.of("query", query(source), "compactJson", compact)))
        .expect(200);
  }

  private static Answer stream(String source, String accept) {
    return server.client().send(api.streaming("old.malloy", query(source), accept)).expect(200);
  }

  private static String query(String source) {
    return "run: %s -> { select: * }".formatted(source);
  }
}
