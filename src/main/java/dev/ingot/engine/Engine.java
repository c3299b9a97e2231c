package dev.ingot.engine;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One database that a package's connection names. Transactions stay inside it. Errors of the
 * database are {@link EngineException}s, with what the database said.
 */
public interface Engine {

  /** The name that a declared name's segments mean here, with the schema filled in. */
  TableName resolve(List<String> segments);

  /** Why a table can't be declared under this name; empty when it can. */
  Optional<String> objection(TableName declared);

  /** A new table's name: the declared one with a suffix, within the engine's limit. */
  TableName generationName(TableName declared, String suffix);

  List<EngineColumn> describeTable(String tablePath);

  List<EngineColumn> describeSelect(String select);

  /**
   * Builds a new table; after it returns the table is there, otherwise it never was.
   *
   * @param mark says in the database whose table it is
   * @return the number of rows
   * @throws Cancellation.CancelledException when it was cancelled; nothing is left of the table
   */
  long build(TableName table, String select, String mark, Cancellation cancellation);

  /** Those of the names under which a table or a view exists. */
  Set<TableName> existing(Collection<TableName> names);

  /**
   * Makes each declared name a view over its table, and removes views.
   *
   * @param views declared name to physical table
   */
  void publishViews(Map<TableName, TableName> views, Collection<TableName> removed);

  /** Drops a table; it is no error when it is gone already. */
  void drop(TableName table);

  /**
   * Runs a SELECT and hands its rows over as they come.
   *
   * @throws Cancellation.CancelledException when it was cancelled
   */
  <T> T query(String select, Cancellation cancellation, RowReader<T> reader);

  /** Reads rows from the stream; the result set is closed after it. */
  interface RowReader<T> {
    T read(ResultSet rows) throws SQLException;
  }

  /** What the database said. */
  final class EngineException extends RuntimeException {
    public EngineException(String message, Throwable cause) {
      super(message, cause);
    }

    public String detail() {
      return String.valueOf(getMessage());
    }

    /** The same as a fault, for a caller. */
    public Fault toFault(FaultCode code) {
      return new Fault(code, detail(), this);
    }
  }

  /**
   * The database was closed, because its package moved or went; whoever still needs it asks anew.
   */
  final class ClosedException extends RuntimeException {
    public ClosedException(String message) {
      super(message);
    }
  }
}
