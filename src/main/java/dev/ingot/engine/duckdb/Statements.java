package dev.ingot.engine.duckdb;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Engine.StuckException;
import dev.ingot.engine.PackageDatabases.Stuck;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The statements of package SQL on one database. DuckDB can't be interrupted while it plans one,
 * and there are texts of some lines that it plans for ever (1.5.5).
 *
 * <ol>
 *   <li>Only so many are planned at once as there are places; the next ones wait.
 *   <li>One that its caller has left keeps a place until it ends, whatever it does meanwhile. So a
 *       package never takes more processors in this way than it has places.
 *   <li>While all places are taken by such, statements are refused at once.
 * </ol>
 */
final class Statements {

  private static final Logger log = LoggerFactory.getLogger(Statements.class);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final int places;

  /** Guarded by this. */
  private final Set<Running> running = new HashSet<>();

  private final Set<Statement> others = ConcurrentHashMap.newKeySet();

  /** What may fail in the database. */
  interface Call<T> {
    T make() throws SQLException;
  }

  /** Work with one of them. */
  interface Work<T> {
    T with(Running statement) throws SQLException;
  }

  /** One that runs or is about to. */
  final class Running {
    private final String what;
    private final Connection connection;
    private final Cancellation cancellation;
    private final long since = System.nanoTime();

    /** Guarded by the statements. */
    private boolean planning;

    /** Guarded by the statements; null while there is nothing whose progress could be asked for. */
    private @Nullable PreparedStatement executing;

    Running(String what, Connection connection, Cancellation cancellation) {
      this.what = what;
      this.connection = connection;
      this.cancellation = cancellation;
    }

    /**
     * Plans SQL, when there is a place.
     *
     * @param sql one statement: of several, the driver would execute all but the last here
     * @throws StuckException when no place is to be had
     * @throws Cancellation.CancelledException when it was cancelled meanwhile
     */
    PreparedStatement plan(String sql) throws SQLException {
      takePlace(this);
      PreparedStatement planned;
      try {
        planned = connection.prepareStatement(sql);
      } finally {
        leavePlace(this);
      }
      try {
        // What came while it was planned had no effect on it.
        cancellation.requireNone();
        return planned;
      } catch (Cancellation.CancelledException e) {
        planned.close();
        throw e;
      }
    }

    /**
     * Plans SQL and runs it; how far it is can be asked for meanwhile.
     *
     * @return the number of rows that it made; negative where that isn't known
     * @throws StuckException as {@link #plan}
     */
    long execute(String sql) throws SQLException {
      try (Statement setting = connection.createStatement()) {
        // In this order: it would be printed otherwise.
        setting.execute("SET enable_progress_bar_print=false");
        setting.execute("SET enable_progress_bar=true");
      }
      try (PreparedStatement planned = plan(sql)) {
        watch(planned);
        try {
          planned.execute();
          return planned.getLargeUpdateCount();
        } finally {
          watch(null);
        }
      }
    }

    private void watch(@Nullable PreparedStatement statement) {
      synchronized (Statements.this) {
        executing = statement;
      }
    }

    private boolean hasPlace() {
      return planning || cancellation.isLeft();
    }

    private Duration age() {
      return Duration.ofNanos(System.nanoTime() - since);
    }
  }

  /**
   * @param places the most that are planned at once
   */
  Statements(int places) {
    this.places = places;
  }

  /**
   * Runs what can be cancelled on a connection.
   *
   * @param what it is, for who looks at those that don't end
   * @throws Cancellation.CancelledException when it was cancelled
   */
  <T> T run(String what, Connection connection, Cancellation cancellation, Work<T> work)
      throws SQLException {
    var statement = new Running(what, connection, cancellation);
    begin(statement);
    try {
      return cancellation.run(() -> Interrupt.interrupt(connection), () -> work.with(statement));
    } finally {
      end(statement);
      if (cancellation.isLeft()) {
        log.info("What could not be interrupted has ended after {}: {}", statement.age(), what);
      }
    }
  }

  private synchronized void begin(Running statement) {
    running.add(statement);
  }

  private synchronized void end(Running statement) {
    running.remove(statement);
    notifyAll();
  }

  /** How much is done of what is executed for this, in percent. */
  synchronized OptionalDouble progress(String what) {
    // Under the lock: a statement that was taken off may be closed.
    for (Running one : running) {
      PreparedStatement executing = one.executing;
      if (executing != null && one.what.equals(what)) {
        try {
          double percent =
              executing.unwrap(DuckDBPreparedStatement.class).getQueryProgress().getPercentage();
          return percent < 0 ? OptionalDouble.empty() : OptionalDouble.of(percent);
        } catch (SQLException e) {
          log.debug("How far {} is isn't known; it may have ended by itself", what, e);
        }
      }
    }
    return OptionalDouble.empty();
  }

  /** Makes a call whose statement {@link #endAll} ends: Ingot's own, which takes no place. */
  <T> T endable(Statement statement, Call<T> call) throws SQLException {
    others.add(statement);
    try {
      return call.make();
    } finally {
      others.remove(statement);
    }
  }

  /** Ends all. A cancel that comes before its statement is lost: to be repeated. */
  void endAll() {
    interruptAll();
    for (Statement statement : others) {
      try {
        statement.cancel();
      } catch (SQLException e) {
        log.debug("A statement could not be cancelled; it may have ended by itself", e);
      }
    }
  }

  /** One that isn't cancelled fails then. */
  private synchronized void interruptAll() {
    // Under the lock: once one was taken off, its connection may be closed.
    for (Running statement : running) {
      try {
        Interrupt.interrupt(statement.connection);
      } catch (SQLException e) {
        log.debug("A statement could not be interrupted; it may have ended by itself", e);
      }
    }
  }

  private synchronized void takePlace(Running statement) {
    try {
      while (true) {
        statement.cancellation.requireNone();
        refuseIfStuck();
        if (running.stream().filter(Running::hasPlace).count() < places) {
          statement.planning = true;
          return;
        }
        TimeUnit.NANOSECONDS.timedWait(this, LOOK.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("Interrupted while it waited to be planned", e);
    }
  }

  private synchronized void leavePlace(Running statement) {
    statement.planning = false;
    notifyAll();
  }

  private void refuseIfStuck() {
    List<Stuck> stuck = stuck();
    if (stuck.size() >= places) {
      throw new StuckException(
          "The database plans no more of this package's statements: %d were cancelled, can't be interrupted and still run (%s). Wait for their end, start the server again, or allow more with ingot.duckdb.planning"
              .formatted(stuck.size(), stuck.getFirst()));
    }
  }

  /**
   * @throws StuckException when one that doesn't end keeps a database open that is of no use
   */
  void refuseReopening() {
    List<Stuck> stuck = stuck();
    if (!stuck.isEmpty()) {
      throw new StuckException(
          "The package's database failed and can't be opened again while what can't be interrupted still runs (%s): start the server again"
              .formatted(stuck.getFirst()));
    }
  }

  /**
   * @throws Fault PACKAGE_BUSY when one doesn't end
   */
  void refuseClosing() {
    List<Stuck> stuck = stuck();
    if (!stuck.isEmpty()) {
      throw new Fault(
          FaultCode.PACKAGE_BUSY,
          "The package's database can't be closed while what can't be interrupted still runs (%s); try again when it has ended, or start the server again"
              .formatted(stuck.getFirst()));
    }
  }

  /**
   * @throws EngineException when the table is still being built, though nobody waits for it
   */
  void refuseDrop(TableName table) {
    for (Stuck stuck : stuck()) {
      if (stuck.what().equals(table.toString())) {
        throw new EngineException(
            "What builds it can't be interrupted and still runs (%s)".formatted(stuck),
            new IllegalStateException(stuck.what()));
      }
    }
  }

  /** Those that were cancelled and don't end, the oldest first. */
  synchronized List<Stuck> stuck() {
    return running.stream()
        .filter(statement -> statement.cancellation.isLeft())
        .map(statement -> new Stuck(statement.what, statement.age()))
        .sorted((one, other) -> other.age().compareTo(one.age()))
        .toList();
  }
}
