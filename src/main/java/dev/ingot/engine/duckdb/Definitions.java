package dev.ingot.engine.duckdb;

import dev.ingot.engine.TableName;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Changes of what a package's database has. Those of schemas and views conflict in DuckDB when they
 * overlap, so they take turns.
 */
final class Definitions {

  static final String DEFAULT_SCHEMA = "main";

  private final DuckDbDatabase database;
  private final ReentrantLock turn = new ReentrantLock();

  /** Since the last checkpoint. */
  private final AtomicBoolean changed = new AtomicBoolean(true);

  Definitions(DuckDbDatabase database) {
    this.database = database;
  }

  /** By folded name. */
  Map<TableName, Relation> relations() {
    return database.use((connection, statement) -> Relation.all(statement));
  }

  /** One transaction that changes definitions. */
  <T> T define(DuckDbDatabase.Work<T> work) {
    return inTurn(() -> database.transact(work));
  }

  /** Work that nobody else changes definitions in between. */
  <T> T inTurn(Supplier<T> work) {
    turn.lock();
    try {
      return work.get();
    } finally {
      turn.unlock();
    }
  }

  void createSchema(String schema) {
    if (!schema.equals(DEFAULT_SCHEMA)) {
      define((connection, statement) ->
          statement.execute("CREATE SCHEMA IF NOT EXISTS " + TableName.quote(schema)));
    }
  }

  /** There is something for a checkpoint to do. */
  void markChanged() {
    changed.set(true);
  }

  /** Whether something was changed since it was asked before. */
  boolean takeChanged() {
    return changed.getAndSet(false);
  }
}
