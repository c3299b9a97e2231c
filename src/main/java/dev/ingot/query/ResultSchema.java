package dev.ingot.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The schema of a stable result, in the few words that its rows need. */
final class ResultSchema {

  private ResultSchema() {}

  /**
   * @param kind Malloy's stable kind, such as {@code number_type}
   * @param subtype of a number: {@code integer}, {@code decimal} or {@code bigint}
   * @param element of an array
   * @param fields of a record
   */
  record ValueType(
      String kind, @Nullable String subtype, @Nullable ValueType element, List<Member> fields) {}

  /** A named value of a row. */
  record Member(String name, ValueType type) {}

  static List<Member> of(JsonNode schema) {
    return fields(schema.path("fields"));
  }

  private static List<Member> fields(JsonNode nodes) {
    var fields = new ArrayList<Member>();
    for (JsonNode node : nodes) {
      fields.add(new Member(node.path("name").asString(), type(node.path("type"))));
    }
    return fields;
  }

  private static ValueType type(JsonNode node) {
    JsonNode element = node.get("element_type");
    return new ValueType(
        node.path("kind").asString("sql_native_type"),
        node.path("subtype").asString(null),
        element == null ? null : type(element),
        fields(node.path("fields")));
  }
}
