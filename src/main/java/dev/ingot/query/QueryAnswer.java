package dev.ingot.query;

import dev.ingot.fault.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query's result, and what it was read from.
 *
 * @param result JSON text: Malloy's stable result, or the rows alone
 * @param sql the statement that was run; null where it reads what only some may
 * @param warnings the compiler's
 * @param cached whether it was answered before, and kept
 */
public record QueryAnswer(
    String result,
    @Nullable String sql,
    List<MaterializedRead> materialized,
    List<LiveRead> live,
    List<Problem> warnings,
    boolean cached) {

  /** The same for who asks later. */
  QueryAnswer fromCache() {
    return new QueryAnswer(result, sql, materialized, live, warnings, true);
  }

  /** Where its rows come from, in a word. */
  String origin() {
    if (cached) {
      return "kept";
    }
    if (materialized.isEmpty()) {
      return "live";
    }
    return live.isEmpty() ? "table" : "table_and_live";
  }

  /**
   * A persist source that was read from its table.
   *
   * @param tableName the declared name as models say it
   * @param declaredTable the same with its schema
   */
  public record MaterializedRead(
      String source,
      String tableName,
      String declaredTable,
      String physicalTable,
      String buildId,
      @Nullable Instant builtAt) {}

  /** A persist source that was computed, and why. */
  public record LiveRead(String source, String reason) {}
}
