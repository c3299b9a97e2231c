package dev.ingot.engine;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One database that a package's connection names. Transactions stay inside it. Errors of the
 * database are {@link EngineException}s, with what the database said.
 */
public interface Engine {

  /**
   * What tells its database from every other: tables of one name on two connections of equal
   * databases are one table.
   */
  String databaseId();

  /** The name that a declared name's segments mean here, with the schema filled in. */
  TableName resolve(List<String> segments);

  /** The shortest way to say a name: without what {@link #resolve} fills in. */
  default String said(TableName name) {
    List<String> parts = name.parts();
    for (int from = parts.size() - 1; from > 0; from--) {
      List<String> said = parts.subList(from, parts.size());
      if (resolve(said).equals(name)) {
        return new TableName(said).toString();
      }
    }
    return name.toString();
  }

  /** Why a table can't be declared under this name; empty when it can. */
  Optional<String> objection(TableName declared);

  /** A new table's name: the declared one with a suffix, within the engine's limit. */
  TableName generationName(TableName declared, String suffix);

  List<EngineColumn> describeTable(String tablePath);

  List<EngineColumn> describeSelect(String select);

  /**
   * Builds a new table; after it returns the table is there, otherwise it never was.
   *
   * @return the number of rows
   * @throws Cancellation.CancelledException when it was cancelled; nothing is left of the table
   * @throws StuckException when the package has too many statements that don't end
   * @throws UnreachableException by a database that lies elsewhere; the build is tried again
   */
  long build(TableName table, String select, Owner owner, Cancellation cancellation);

  /** How much of a table that is being built is done, in percent; empty where nobody can tell. */
  default OptionalDouble progress(TableName table) {
    return OptionalDouble.empty();
  }

  /**
   * How many bytes a table takes where it is kept, about; empty where its database can't tell, or
   * not yet.
   */
  default OptionalLong bytes(TableName table) {
    return OptionalLong.empty();
  }

  /**
   * The tables and views that a SELECT names, as far as the database can say without running it;
   * with the schema filled in.
   */
  Set<TableName> namedIn(String select);

  /** What a table of this database is called among all datasets. */
  Dataset dataset(TableName table);

  /**
   * The datasets that a SELECT reads, as far as the database's own parser tells; what it can't tell
   * is left out.
   */
  Set<Dataset> datasetsIn(String select);

  /**
   * What a SELECT reads that isn't the database's own, such as files, as far as the engine can tell
   * cheaply and truly how it is.
   *
   * @return by the names that it is read by, how it is now, in words of the engine's own
   */
  Map<String, String> data(String select);

  /** Whether {@link #data} has all that a SELECT reads beside the tables that Ingot builds. */
  boolean tellsData(String select);

  /**
   * What of it is otherwise now, in plain words; empty when it is as it was.
   *
   * @param name of {@link #data}
   * @param recorded how it was
   */
  Optional<String> dataChange(String name, String recorded);

  /** Those of the names under which a table or a view exists. */
  Set<TableName> existing(Collection<TableName> names);

  /**
   * Those of the tables that are there and carry their mark: not what somebody else made under such
   * a name.
   *
   * @param marks the mark that each was built with
   */
  Set<TableName> built(Map<TableName, String> marks);

  /**
   * Makes those of the tables that are there readable in this server's database, where that is more
   * than their being there: other servers may have built them. What stood for tables that are gone
   * goes. Only this makes tables appear; nothing that looks for them does.
   *
   * @param marks the mark that each was built with
   */
  void attach(Map<TableName, String> marks);

  /** Those of the names under which something lies that isn't a view of Ingot's. */
  Set<TableName> occupied(Collection<TableName> names);

  /**
   * Makes each declared name a view over its table, and removes views. What isn't a view of Ingot's
   * is left alone (promise P6).
   *
   * @param views declared name to physical table
   * @param owner whose views they are; those of others are somebody else's
   * @return the names that don't show what they should, each with the reason: such as one that is
   *     occupied by something else
   */
  Map<TableName, String> publishViews(
      Map<TableName, TableName> views, Collection<TableName> removed, String owner);

  /**
   * Drops a table that carries this mark; it is no error when it is gone already.
   *
   * @throws EngineException also when there is one with another mark, which stays (promise P6)
   */
  void drop(TableName table, String mark);

  /** Takes Ingot's marks off these tables and views: from now on they are somebody else's. */
  void disown(Collection<TableName> names);

  /**
   * Gives back the space of what was dropped, unless nothing was changed since the last time.
   *
   * @return false when the database is too busy; try again at a quieter moment
   */
  boolean checkpoint();

  /**
   * Runs a SELECT and hands its rows over as they come.
   *
   * @throws Cancellation.CancelledException when it was cancelled
   * @throws StuckException when the package has too many statements that don't end
   * @throws UnreachableException when what it ran on was lost, perhaps while rows were read; it may
   *     be asked again
   */
  <T> T query(String select, Cancellation cancellation, RowReader<T> reader);

  /**
   * The tables that a SELECT reads, when it says the same again as long as these stay as they are;
   * empty when it may say something else, or when that can't be told.
   *
   * @throws Cancellation.CancelledException when it was cancelled
   */
  Optional<Set<TableName>> repeatable(String select, Cancellation cancellation);

  /**
   * Whose a table is.
   *
   * @param mark says it in the database's own comment
   * @param session who builds it, for those who look at the database's sessions
   */
  record Owner(String mark, String session) {}

  /** Reads rows from the stream, which is closed after it. */
  interface RowReader<T> {
    T read(Rows rows);
  }

  /** What the database said. */
  class EngineException extends RuntimeException {
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
   * The database can't be reached at the moment; the same statement may work when it is tried
   * again.
   */
  final class UnreachableException extends EngineException {
    public UnreachableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** It takes no statements of this package now: some that were cancelled don't end. */
  final class StuckException extends EngineException {
    public StuckException(String message) {
      super(message, new IllegalStateException(message));
    }

    @Override
    public Fault toFault(FaultCode code) {
      return super.toFault(FaultCode.PACKAGE_STUCK);
    }
  }

  /**
   * The database was closed, because its package moved or went; whoever still needs it asks anew.
   */
  final class ClosedException extends RuntimeException {
    public ClosedException(String message) {
      super(message);
    }

    public ClosedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
