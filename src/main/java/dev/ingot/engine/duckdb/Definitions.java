package dev.ingot.engine.duckdb;

import dev.ingot.engine.TableName;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

  private volatile @Nullable Known known;

  /**
   * @param at the number of changes before it was read
   */
  private record Known(long at, Map<TableName, Relation> relations) {

    Known {
      relations = Map.copyOf(relations);
    }
  }

  Definitions(DuckDbDatabase database) {
    this.database = database;
  }

  /**
   * By folded name. They are read again only when something may have changed: of thousands it takes
   * longer than all else that a run without anything to do does.
   */
  Map<TableName, Relation> relations() {
    long now = database.changes();
    Known last = known;
    if (last == null || last.at() != now) {
      last = new Known(now, database.look((connection, statement) -> Relation.all(statement)));
      known = last;
    }
    return last.relations();
  }

  /** One transaction that changes definitions. */
  <T> T define(ConnectionWork<T> work) {
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
