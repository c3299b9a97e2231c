package dev.ingot.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.query.ResultSchema.Member;
import dev.ingot.query.ResultSchema.ValueType;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** DuckDB's JSON is a native type to Malloy, so no query of it gives a JSON cell; others' do. */
class JsonCellTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final List<Member> FIELDS =
      List.of(new Member("j", new ValueType("json_type", null, null, List.of())));

  @Test
  void jsonIsTextInAStableCellAndAValueInACompactRow() {
    String document = "{\"a\":[1,null]}";

    assertThat(written(new StableCells(MAPPER), document))
        .isEqualTo(
            "{\"kind\":\"record_cell\",\"record_value\":[{\"kind\":\"json_cell\",\"json_value\":\"{\\\"a\\\":[1,null]}\"}]}");
    assertThat(written(new CompactRows(MAPPER), document)).isEqualTo("{\"j\":{\"a\":[1,null]}}");
  }

  private static String written(RowWriter writer, Object value) {
    var text = new StringWriter();
    try (JsonGenerator json = MAPPER.createGenerator(text)) {
      writer.write(json, FIELDS, field -> value);
    }
    return text.toString();
  }
}
