package dev.ingot.engine.duckdb;

import java.sql.ResultSet;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What DuckDB's own parser makes of a statement. */
record SyntaxTree(JsonNode root) {

  private static final int DEEPEST = 50_000;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .build();

  /**
   * @throws tools.jackson.core.exc.StreamConstraintsException when it is nested too deeply
   */
  static SyntaxTree of(DuckDbDatabase database, String select) {
    String tree =
        database.look((connection, statement) -> {
          try (ResultSet row =
              statement.executeQuery(
                  "SELECT json_serialize_sql(%s)".formatted(DuckDbSql.literal(select)))) {
            row.next();
            return row.getString(1);
          }
        });
    return new SyntaxTree(JSON.readTree(tree));
  }

  /** False for what it makes no tree of, such as a PIVOT whose columns come from the data. */
  boolean isThere() {
    return !root.path("error").asBoolean(true);
  }

  /** Whether it won't run. */
  boolean isWrong() {
    return root.path("error_type").asString("").equals("parser");
  }

  /** Its depth is that of the SQL, so this isn't done by recursion. */
  void forEach(Consumer<JsonNode> visitor) {
    var pending = new ArrayDeque<JsonNode>();
    pending.add(root);
    while (!pending.isEmpty()) {
      JsonNode node = pending.pop();
      visitor.accept(node);
      node.forEach(pending::push);
    }
  }

  /** The parts that are written of a table's name; none for what isn't one. */
  static List<String> name(JsonNode table) {
    return Stream.of("catalog_name", "schema_name", "table_name")
        .map(field -> table.path(field).asString(""))
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /** What a reader's call names as its files. */
  static List<JsonNode> files(JsonNode call) {
    JsonNode first = call.path("children").path(0);
    return first.path("function_name").asString("").equals("list_value")
        ? first.path("children").valueStream().toList()
        : List.of(first);
  }

  /** Whether it is a text that is written out. */
  static boolean isConstant(JsonNode expression) {
    return expression.path("class").asString("").equals("CONSTANT")
        && expression.path("alias").asString("").isEmpty();
  }

  /** Of a constant. */
  static String text(JsonNode constant) {
    return constant.path("value").path("value").asString("");
  }
}
