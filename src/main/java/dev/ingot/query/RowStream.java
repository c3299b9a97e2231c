package dev.ingot.query;

import dev.ingot.engine.Rows;
import java.io.OutputStream;
import java.time.Duration;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;
import tools.jackson.dataformat.csv.CsvWriteFeature;

/** Writes rows as they come out of the database, without holding more than a buffer of them. */
final class RowStream {

  /** What a reader of a slow query waits for a row at most, once the row is there. */
  private static final long FLUSH_NANOS = Duration.ofMillis(500).toNanos();

  private static final CsvMapper CSV =
      CsvMapper.builder().enable(CsvWriteFeature.STRICT_CHECK_FOR_QUOTING).build();
  private static final CsvSchema LINES = CsvSchema.emptySchema().withLineSeparator("\r\n");

  private final JsonMapper mapper;
  private final CsvRows csvRows;
  private final CompactRows compactRows;

  RowStream(JsonMapper mapper) {
    this.mapper = mapper;
    csvRows = new CsvRows(mapper);
    compactRows = new CompactRows(mapper);
  }

  /**
   * Leaves the output open.
   *
   * @throws tools.jackson.core.exc.JacksonIOException when the output takes no more
   */
  void write(RowFormat format, Prepared query, Rows found, OutputStream out) {
    var rows = new ResultRows(query.fields(), found);
    switch (format) {
      case CSV -> csv(rows, out);
      case NDJSON -> ndjson(rows, out);
    }
  }

  // The generators are closed only at the end of the last row: closing one after an error would
  // write what makes a cut-off answer look whole.

  private void csv(ResultRows rows, OutputStream out) {
    JsonGenerator csv =
        CSV.writer(LINES).without(StreamWriteFeature.AUTO_CLOSE_TARGET).createGenerator(out);
    // Without an array around the rows the generator leaves out nulls.
    csv.writeStartArray();
    csvRows.header(csv, rows.fields());
    long flushed = System.nanoTime();
    while (rows.next()) {
      rows.write(csv, csvRows);
      flushed = flush(csv, flushed);
    }
    csv.writeEndArray();
    csv.close();
  }

  private void ndjson(ResultRows rows, OutputStream out) {
    JsonGenerator json =
        mapper
            .writer()
            .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .withRootValueSeparator("")
            .createGenerator(out);
    long flushed = System.nanoTime();
    while (rows.next()) {
      rows.write(json, compactRows);
      json.writeRaw('\n');
      flushed = flush(json, flushed);
    }
    json.close();
  }

  private static long flush(JsonGenerator json, long flushed) {
    long now = System.nanoTime();
    if (now - flushed < FLUSH_NANOS) {
      return flushed;
    }
    json.flush();
    return now;
  }
}
