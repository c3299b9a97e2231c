package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine.EngineException;
import java.util.Set;

/**
 * Functions that a SELECT may call in DuckDB and that do more than select, in spite of a locked
 * configuration: they run SQL that is put together while it runs, write logs and files, hold up
 * other transactions, read memory at an address, or say how a shared project's bucket is reached.
 * {@code enable_logging} with a folder that is not allowed ends the whole process (DuckDB 1.5.5).
 */
final class ForbiddenCalls {

  private static final Set<String> NAMES =
      Set.of(
          "add_parquet_key",
          "arrow_scan",
          "arrow_scan_dumb",
          "checkpoint",
          "disable_logging",
          "disable_profile",
          "disable_profiling",
          "duckdb_secrets",
          "enable_logging",
          "enable_profile",
          "enable_profiling",
          "force_checkpoint",
          "json_execute_serialized_sql",
          "query",
          "query_table",
          "seq_scan",
          "sleep_ms",
          "truncate_duckdb_logs",
          "which_secret",
          "write_log");

  private ForbiddenCalls() {}

  /**
   * @return the SELECT as it was given
   * @throws EngineException when it is more than one statement or calls such a function
   */
  static String check(String select) {
    for (String name : SingleSelect.calls(select)) {
      if (NAMES.contains(name)) {
        throw new EngineException(
            "The SQL calls %s(), which a model may not: it does more than select".formatted(name),
            new IllegalArgumentException(name));
      }
    }
    return select;
  }
}
