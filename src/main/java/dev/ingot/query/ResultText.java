package dev.ingot.query;

import dev.ingot.compile.PreparedQuery;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.query.ResultSchema.Member;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes a result as it streams out of the database, within the limits. */
final class ResultText {

  private final JsonMapper mapper;
  private final QuerySettings settings;

  ResultText(JsonMapper mapper, QuerySettings settings) {
    this.mapper = mapper;
    this.settings = settings;
  }

  /** Malloy's stable result. */
  String stable(PreparedQuery query, ResultSet rows) throws SQLException {
    var text = new LimitedText(settings.maxResultSize().toBytes());
    try (JsonGenerator json = mapper.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, JsonNode> property : query.result().properties()) {
        json.writeName(property.getKey());
        json.writeTree(property.getValue());
      }
      json.writeObjectPropertyStart("data");
      json.writeStringProperty("kind", "array_cell");
      json.writeArrayPropertyStart("array_value");
      rows(json, query, rows, new StableCells(mapper));
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
    }
    return text.toString();
  }

  /** The rows alone, as an array of objects. */
  String compact(PreparedQuery query, ResultSet rows) throws SQLException {
    var text = new LimitedText(settings.maxResultSize().toBytes());
    try (JsonGenerator json = mapper.createGenerator(text)) {
      json.writeStartArray();
      rows(json, query, rows, new CompactRows(mapper));
      json.writeEndArray();
    }
    return text.toString();
  }

  private void rows(JsonGenerator json, PreparedQuery query, ResultSet rows, RowWriter writer)
      throws SQLException {
    List<Member> fields = ResultSchema.of(query.result().path("schema"));
    refuseAlike(fields);
    int[] columns = new int[fields.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = rows.findColumn(fields.get(i).name());
    }
    long count = 0;
    while (rows.next()) {
      if (++count > settings.maxRows()) {
        throw new Fault(
            FaultCode.RESULT_TOO_LARGE,
            "The result has more than %d rows: add a limit to the query, or raise ingot.query.max-rows"
                .formatted(settings.maxRows()));
      }
      writer.write(json, fields, field -> rows.getObject(columns[field]));
    }
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
}
