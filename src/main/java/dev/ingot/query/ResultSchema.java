package dev.ingot.query;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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

  /**
   * The columns of a result.
   *
   * @throws Fault QUERY_FAILED when two of them can't be told apart
   */
  static List<Member> of(JsonNode schema) {
    List<Member> fields = fields(schema.path("fields"));
    refuseAlike(fields);
    return fields;
  }

  /**
   * Names in a database are found without regard to case: one field would get the other's values.
   */
  private static void refuseAlike(List<Member> fields) {
    var known = new HashMap<String, String>();
    for (Member field : fields) {
      String other = known.put(field.name().toLowerCase(Locale.ROOT), field.name());
      if (other != null) {
        throw new Fault(
            FaultCode.QUERY_FAILED,
            "The result's fields '%s' and '%s' differ only in case: rename one"
                .formatted(other, field.name()));
      }
    }
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
