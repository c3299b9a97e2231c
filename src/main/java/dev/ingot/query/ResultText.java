package dev.ingot.query;

import dev.ingot.engine.Rows;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
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
  String stable(Prepared query, Rows rows) {
    var text = new LimitedText(settings.maxResultSize().toBytes());
    try (JsonGenerator json = mapper.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, JsonNode> property : query.query().result().properties()) {
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
  String compact(Prepared query, Rows rows) {
    var text = new LimitedText(settings.maxResultSize().toBytes());
    try (JsonGenerator json = mapper.createGenerator(text)) {
      json.writeStartArray();
      rows(json, query, rows, new CompactRows(mapper));
      json.writeEndArray();
    }
    return text.toString();
  }

  private void rows(JsonGenerator json, Prepared query, Rows rows, RowWriter writer) {
    var result = new ResultRows(query.fields(), rows);
    long count = 0;
    while (result.next()) {
      if (++count > settings.maxRows()) {
        throw new Fault(
            FaultCode.RESULT_TOO_LARGE,
            "The result has more than %d rows: add a limit to the query, stream it (Accept: text/csv or application/x-ndjson), or raise ingot.query.max-rows"
                .formatted(settings.maxRows()));
      }
      result.write(json, writer);
    }
  }
}
