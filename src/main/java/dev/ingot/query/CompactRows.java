package dev.ingot.query;

import dev.ingot.query.ResultSchema.Member;
import dev.ingot.query.ResultSchema.ValueType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Rows as plain objects by field name. */
final class CompactRows implements RowWriter {

  private final JsonMapper mapper;

  CompactRows(JsonMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public void write(JsonGenerator json, List<Member> fields, Row row) {
    json.writeStartObject();
    for (int i = 0; i < fields.size(); i++) {
      json.writeName(fields.get(i).name());
      value(json, fields.get(i).type(), row.get(i));
    }
    json.writeEndObject();
  }

  void value(JsonGenerator json, ValueType type, @Nullable Object value) {
    if (value == null) {
      json.writeNull();
      return;
    }
    switch (type.kind()) {
      case "string_type" -> json.writeString(CellValues.text(value));
      case "boolean_type" -> json.writeBoolean(CellValues.bool(value));
      case "number_type" -> Numbers.write(json, CellValues.number(value));
      case "date_type" -> json.writeString(CellValues.isoDate(value));
      case "timestamp_type", "timestamptz_type" -> json.writeString(CellValues.isoTime(value));
      case "json_type" -> json.writeTree(mapper.readTree(value.toString()));
      case "array_type" -> {
        ValueType element = type.element();
        json.writeStartArray();
        for (Object item : CellValues.list(value)) {
          value(json, element == null ? type : element, item);
        }
        json.writeEndArray();
      }
      case "record_type" -> {
        Map<?, ?> values = CellValues.record(value);
        json.writeStartObject();
        for (Member field : type.fields()) {
          json.writeName(field.name());
          value(json, field.type(), values.get(field.name()));
        }
        json.writeEndObject();
      }
      default -> json.writePOJO(CellValues.plain(value));
    }
  }
}
