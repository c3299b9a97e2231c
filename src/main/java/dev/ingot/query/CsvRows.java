package dev.ingot.query;

import dev.ingot.query.ResultSchema.Member;
import dev.ingot.query.ResultSchema.ValueType;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rows as lines of CSV, with the values of {@link CompactRows}; what nests is JSON text. */
final class CsvRows implements RowWriter {

  private final JsonMapper mapper;
  private final CompactRows values;

  CsvRows(JsonMapper mapper) {
    this.mapper = mapper;
    values = new CompactRows(mapper);
  }

  void header(JsonGenerator csv, List<Member> fields) {
    csv.writeStartArray();
    fields.forEach(field -> csv.writeString(field.name()));
    csv.writeEndArray();
  }

  @Override
  public void write(JsonGenerator csv, List<Member> fields, Row row) {
    csv.writeStartArray();
    for (int i = 0; i < fields.size(); i++) {
      value(csv, fields.get(i).type(), row.get(i));
    }
    csv.writeEndArray();
  }

  private void value(JsonGenerator csv, ValueType type, @Nullable Object value) {
    if (value == null) {
      csv.writeNull();
      return;
    }
    switch (type.kind()) {
      case "string_type" -> text(csv, CellValues.text(value));
      case "boolean_type", "number_type", "date_type", "timestamp_type", "timestamptz_type" ->
          values.value(csv, type, value);
      default -> text(csv, text(type, value));
    }
  }

  private static void text(JsonGenerator csv, String text) {
    if (text.isEmpty()) {
      // The generator would leave it as empty as a null.
      csv.writeRawValue("\"\"");
    } else {
      csv.writeString(text);
    }
  }

  /** JSON text, but a text of a type that Malloy has no word for (a UUID) as it is. */
  private String text(ValueType type, Object value) {
    var text = new StringWriter();
    try (JsonGenerator json = mapper.createGenerator(text)) {
      values.value(json, type, value);
    }
    String written = text.toString();
    if (type.kind().equals("json_type") || !written.startsWith("\"")) {
      return written;
    }
    JsonNode plain = mapper.readTree(written);
    return plain.asString();
  }
}
