package dev.ingot.compile;

import dev.ingot.fault.Problem;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A query that is ready to run.
 *
 * @param result Malloy's stable result without its {@code data}
 * @param gated whether it reads what only some callers may
 * @param reads every BuildID that was looked up, in first-seen order
 */
public record PreparedQuery(
    String sql,
    String connectionName,
    String dialect,
    ObjectNode result,
    List<Read> reads,
    boolean gated,
    List<Problem> problems) {

  /** A persist source that the query reads; {@code hit} when the manifest had a table for it. */
  public record Read(String buildId, boolean hit) {}
}
