package dev.ingot.query;

/** How rows are written when they are streamed. */
public enum RowFormat {
  /** RFC 4180 with a header: null is an empty field, the empty text is {@code ""}. */
  CSV,
  /** One compact JSON object for each row, each on a line of its own. */
  NDJSON
}
