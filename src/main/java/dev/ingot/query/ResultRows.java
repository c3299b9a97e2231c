package dev.ingot.query;

import dev.ingot.engine.Rows;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.query.ResultSchema.Member;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** The rows of a result as the database streams them, with their fields in the schema's order. */
final class ResultRows {

  private final Rows rows;
  private final List<Member> fields;

  /** The position of each field's column in the database's own result. */
  private final int[] columns;

  /**
   * @throws Fault QUERY_FAILED when the database's result is another one
   */
  ResultRows(List<Member> fields, Rows rows) {
    this.rows = rows;
    this.fields = fields;
    columns = new int[fields.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = column(rows, fields.get(i).name());
    }
  }

  private static int column(Rows rows, String name) {
    List<String> columns = rows.columns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    throw new Fault(
        FaultCode.QUERY_FAILED,
        "The database's result has no column '%s', only %s".formatted(name, columns));
  }

  List<Member> fields() {
    return fields;
  }

  boolean next() {
    return rows.next();
  }

  /** Writes the row that {@link #next} went to. */
  void write(JsonGenerator json, RowWriter writer) {
    writer.write(json, fields, field -> rows.value(columns[field]));
  }
}
