package dev.ingot.query;

import dev.ingot.query.ResultSchema.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes one row of a result as JSON. */
interface RowWriter {

  /** A row's values by the position of its field. */
  interface Row {
    @Nullable Object get(int field);
  }

  void write(JsonGenerator json, List<Member> fields, Row row);
}
