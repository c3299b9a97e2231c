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
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;

/**
 * Values that are the same in all forms of a result, computed and from a table. A subclass has
 * them.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ValueForms {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir static Path folder;

  /** SQL, and the plain value that is due for it, by the column's name. */
  private final Map<String, List<String>> columns;

  private Server server;
  private PackageApi api;

  ValueForms(Map<String, List<String>> columns) {
    this.columns = columns;
  }

  /**
   * @param plain JSON with single quotes
   */
  static Map.Entry<String, List<String>> column(String name, String sql, String plain) {
    return Map.entry(name, List.of(sql, plain.replace('\'', '"')));
  }

  @BeforeAll
  void start() {
    server = Server.start(folder);
    String select =
        columns.entrySet().stream()
            .map(column -> "%s as \"%s\"".formatted(column.getValue().getFirst(), column.getKey()))
            .collect(Collectors.joining(", "));
    PackageFiles.create(server.packageFolder("values"))
        .model(
            "values.malloy",
            """
            source: live is duckdb.sql(\"""select %s \""")
            #@ persist name="kept"
            source: kept is live -> { select: * }
            """
                .formatted(select));
    api = server.register("values");
    api.buildOk();
  }

  @AfterAll
  void stop() {
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

    for (int i = 0; i < columns.size(); i++) {
      JsonNode due = due(lines.getFirst().get(i));
      String text = due.isNull() ? "" : due.isString() ? due.asString() : due.toString();
      assertThat(lines.getLast().get(i)).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "kept"})
  void theStableFormHasThem(String source) {
    JsonNode result = post(source, false).rows();
    JsonNode fields = result.path("schema").path("fields");
    JsonNode cells = result.path("data").path("array_value").path(0).path("record_value");

    assertThat(fields.size()).isEqualTo(columns.size());
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
      case "date_cell" -> "\"" + value.asString().replaceFirst("T.*", "") + "\"";
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

  private void requirePlain(JsonNode row) {
    assertThat(row.size()).isEqualTo(columns.size());
    for (Map.Entry<String, JsonNode> value : row.properties()) {
      assertThat(value.getValue()).as(value.getKey()).isEqualTo(due(value.getKey()));
    }
  }

  private JsonNode due(String column) {
    return JSON.readTree(columns.getOrDefault(column, List.of()).getLast());
  }

  private Answer post(String source, boolean compact) {
    return server
        .client()
        .post(
            api.path() + "/models/values.malloy/query",
            JSON.writeValueAsString(Map.of("query", query(source), "compactJson", compact)))
        .expect(200);
  }

  private Answer stream(String source, String accept) {
    return server.client().send(api.streaming("values.malloy", query(source), accept)).expect(200);
  }

  private static String query(String source) {
    return "run: %s -> { select: * }".formatted(source);
  }
}
