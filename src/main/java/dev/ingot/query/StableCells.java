package dev.ingot.query;

import dev.ingot.query.ResultSchema.Member;
import dev.ingot.query.ResultSchema.ValueType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Rows as the cells of Malloy's stable result: positional, in the schema's order. */
final class StableCells implements RowWriter {

  private final JsonMapper mapper;

  StableCells(JsonMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public void write(JsonGenerator json, List<Member> fields, Row row) {
    json.writeStartObject();
    json.writeStringProperty("kind", "record_cell");
    json.writeArrayPropertyStart("record_value");
    for (int i = 0; i < fields.size(); i++) {
      cell(json, fields.get(i).type(), row.get(i));
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void cell(JsonGenerator json, ValueType type, @Nullable Object value) {
    json.writeStartObject();
    if (value == null) {
      json.writeStringProperty("kind", "null_cell");
    } else {
      value(json, type, value);
    }
    json.writeEndObject();
  }

  private void value(JsonGenerator json, ValueType type, Object value) {
    switch (type.kind()) {
      case "string_type" -> text(json, "string", CellValues.text(value));
      case "boolean_type" -> {
        json.writeStringProperty("kind", "boolean_cell");
        json.writeBooleanProperty("boolean_value", CellValues.bool(value));
      }
      case "number_type" -> number(json, type, CellValues.number(value));
      case "date_type" -> text(json, "date", CellValues.isoTime(value));
      case "timestamp_type", "timestamptz_type" ->
          text(json, "timestamp", CellValues.isoTime(value));
      case "json_type" -> text(json, "json", value.toString());
      case "array_type" -> array(json, type, value);
      case "record_type" -> record(json, type, value);
      default -> text(json, "sql_native", mapper.writeValueAsString(CellValues.plain(value)));
    }
  }

  private static void text(JsonGenerator json, String kind, String value) {
    json.writeStringProperty("kind", kind + "_cell");
    json.writeStringProperty(kind + "_value", value);
  }

  private static void number(JsonGenerator json, ValueType type, Number number) {
    json.writeStringProperty("kind", "number_cell");
    json.writeName("number_value");
    Numbers.write(json, number);
    if (type.subtype() != null) {
      json.writeStringProperty("subtype", type.subtype());
    }
    // JavaScript holds no larger integers exactly, and JSON has no word for what isn't finite.
    if ("bigint".equals(type.subtype()) || !CellValues.isFinite(number)) {
      json.writeStringProperty("string_value", number.toString());
    }
  }

  private void array(JsonGenerator json, ValueType type, Object value) {
    ValueType element = type.element();
    if (element == null) {
      throw new IllegalStateException("an array type without an element type");
    }
    json.writeStringProperty("kind", "array_cell");
    json.writeArrayPropertyStart("array_value");
    for (Object item : CellValues.list(value)) {
      cell(json, element, item);
    }
    json.writeEndArray();
  }

  private void record(JsonGenerator json, ValueType type, Object value) {
    Map<?, ?> values = CellValues.record(value);
    json.writeStringProperty("kind", "record_cell");
    json.writeArrayPropertyStart("record_value");
    for (Member field : type.fields()) {
      cell(json, field.type(), values.get(field.name()));
    }
    json.writeEndArray();
  }
}
