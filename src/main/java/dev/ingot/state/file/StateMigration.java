package dev.ingot.state.file;

import dev.ingot.state.StateSchema;

/** Brings the state file's tables to the newest version of {@link StateSchema}. */
final class StateMigration {

  private StateMigration() {}

  /**
   * Each statement is a transaction and may be done again: DuckDB doesn't commit one that alters a
   * table with rows twice (1.5.5). The version is written last.
   */
  static void migrate(StateDatabase state) {
    change(state, "CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)");
    int found =
        state.read(client ->
            client
                .sql("SELECT coalesce(max(version), 0) FROM schema_version")
                .query((row, n) -> row.getInt(1))
                .single());
    for (int version = found + 1; version <= StateSchema.newest(); version++) {
      StateSchema.statements(version).forEach(statement -> change(state, statement));
      change(state, "INSERT INTO schema_version VALUES (" + version + ")");
    }
  }

  private static void change(StateDatabase state, String statement) {
    state.change(client -> client.sql(statement).update());
  }
}
