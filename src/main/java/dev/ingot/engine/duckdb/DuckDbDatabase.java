package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine.ClosedException;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Engine.UnreachableException;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.threads.PlatformCalls;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open, hardened DuckDB file. SQL in it reads the package's folder and nothing else of the
 * machine, and can't load extensions or undo these settings.
 */
final class DuckDbDatabase implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DuckDbDatabase.class);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final DuckDbFile file;
  private final BooleanSupplier reserve;
  private final Statements statements;

  private final InUse inUse = new InUse();
  private volatile Hardening hardening;
  private OpenDatabase open;
  private boolean closed;

  private final AtomicLong changes = new AtomicLong();

  /** DuckDB gave the open instance up; it answers nothing until it is opened again. */
  private volatile boolean givenUp;

  /** DuckDB can't even list its own tables when something attached doesn't answer. */
  private volatile boolean attachedLost;

  /** Since it was opened a statement found the disk full. */
  private volatile boolean diskWasFull;

  private DuckDbDatabase(Path file, Hardening hardening, BooleanSupplier reserve)
      throws SQLException {
    this.file = new DuckDbFile(file);
    this.hardening = hardening;
    this.reserve = reserve;
    statements = new Statements(hardening.settings().actualPlanning());
    open = new OpenDatabase(hardening.open(file));
  }

  /**
   * @param reserve gives room on the disk away when it is full; false when it had none
   */
  static DuckDbDatabase open(Path file, Hardening hardening, BooleanSupplier reserve) {
    PlatformCalls.requirePlatformThread();
    try {
      return new DuckDbDatabase(file, hardening, reserve);
    } catch (SQLException e) {
      throw notOpened(e);
    }
  }

  private static Fault notOpened(SQLException e) {
    return new Fault(
        FaultCode.CONNECTION_FAILED,
        "The package's database can't be opened: " + DuckDbErrors.text(e),
        e);
  }

  /**
   * Does work, and does it again when another's failure ended what it ran on.
   *
   * @throws EngineException with what DuckDB says
   * @throws ClosedException when the database was closed meanwhile
   */
  <T> T use(ConnectionWork<T> work) {
    return again(() -> useOnce(work));
  }

  private static <T> T again(Supplier<T> work) {
    try {
      return work.get();
    } catch (UnreachableException e) {
      log.debug("Done again on the database that is opened again", e);
      return work.get();
    }
  }

  /**
   * The same for work that its owner repeats, or nobody.
   *
   * @throws UnreachableException when another's failure ended what it ran on
   */
  <T> T useOnce(ConnectionWork<T> work) {
    changes.incrementAndGet();
    try {
      return lookOnce(work);
    } finally {
      changes.incrementAndGet();
    }
  }

  /** As {@link #use}, for work that changes nothing of what there is. */
  <T> T look(ConnectionWork<T> work) {
    return again(() -> lookOnce(work));
  }

  /** Another number when something may have changed, or is about to. */
  long changes() {
    return changes.get();
  }

  private <T> T lookOnce(ConnectionWork<T> work) {
    return whileOpen(() -> {
      try (Connection connection = open.connect();
          Statement statement = connection.createStatement()) {
        return statements.endable(statement, () -> work.on(connection, statement));
      }
    });
  }

  /**
   * Reads in one transaction, on a connection that was used before. Its owner repeats it, or
   * nobody.
   *
   * @throws UnreachableException when another's failure ended what it ran on
   */
  <T> T read(OpenDatabase.Reading<T> reading) {
    return whileOpen(() -> open.read(reading));
  }

  private <T> T whileOpen(Statements.Call<T> work) {
    PlatformCalls.requirePlatformThread();
    mend();
    inUse.begin();
    try {
      if (closed) {
        throw new ClosedException("the package's database was closed");
      }
      return work.make();
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      inUse.end();
    }
  }

  /** What it may reach. */
  Hardening hardening() {
    return hardening;
  }

  /** Those of the package's own SQL. */
  Statements statements() {
    return statements;
  }

  DuckDbFile file() {
    return file;
  }

  private boolean isToBeReopened() {
    return givenUp || diskWasFull || attachedLost;
  }

  /**
   * Opens it again where that helps. An instance that was given up is waited for until nothing runs
   * on it. One that found the disk full keeps in its file what it wrote until then; opened again,
   * its next checkpoint gives that back. It isn't waited for.
   */
  private void mend() {
    if (!isToBeReopened() || inUse.isByThisThread()) {
      return;
    }
    if (givenUp) {
      statements.refuseReopening();
    }
    if (!isUnused()) {
      return;
    }
    try {
      if (!closed && isToBeReopened()) {
        reopen();
      }
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      inUse.endAlone();
    }
  }

  /**
   * Opens it again with another hardening, once nothing runs on it.
   *
   * @param first what is done on it before anybody else uses it
   * @throws Fault PACKAGE_BUSY when something still runs after {@link #PATIENCE}, CONNECTION_FAILED
   */
  void reopen(Hardening other, Runnable first) {
    if (!inUse.isAloneWithin(PATIENCE)) {
      throw busy();
    }
    try {
      open.close();
      hardening.grants().close();
      hardening = other;
      open = new OpenDatabase(hardening.open(file.path()));
      givenUp = false;
      first.run();
    } catch (SQLException e) {
      // Whoever comes next tries again.
      givenUp = true;
      throw notOpened(e);
    } finally {
      inUse.endAlone();
    }
  }

  /** Whether nothing runs on it now; then nothing does until that is ended. */
  private boolean isUnused() {
    long end = System.nanoTime() + (givenUp ? PATIENCE.toNanos() : 0);
    while (!inUse.isAloneWithin(givenUp ? InUse.REPEAT : Duration.ZERO)) {
      if (System.nanoTime() > end) {
        return false;
      }
      // Nothing of what runs on it is answered: it would be told so at its end.
      statements.endAll();
    }
    return true;
  }

  private void reopen() throws SQLException {
    boolean full = diskWasFull;
    open.close();
    open = new OpenDatabase(hardening.open(file.path()));
    givenUp = false;
    diskWasFull = false;
    attachedLost = false;
    log.warn("{} was closed and opened again", file.path());
    if (full && !shrink() && reserve.getAsBoolean()) {
      shrink();
    }
  }

  /** False when there is no room even for that. */
  private boolean shrink() throws SQLException {
    try {
      GivenBack.shrink(open.root());
      return true;
    } catch (SQLException e) {
      log.info("{} can't give back room yet: {}", file.path(), DuckDbErrors.text(e));
      if (DuckDbErrors.fatal(e)) {
        open.close();
        open = new OpenDatabase(hardening.open(file.path()));
      }
      return false;
    }
  }

  /** As {@link #use}, in one transaction: what it throws rolls it back. */
  <T> T transact(ConnectionWork<T> work) {
    return use(work.inTransaction());
  }

  /** As {@link #useOnce}, in one transaction. */
  <T> T transactOnce(ConnectionWork<T> work) {
    return useOnce(work.inTransaction());
  }

  private EngineException failed(SQLException e) {
    boolean others = givenUp && !DuckDbErrors.fatal(e);
    givenUp |= DuckDbErrors.fatal(e);
    if (others || DuckDbErrors.invalidated(e)) {
      return new UnreachableException(DuckDbErrors.text(e), e);
    }
    if (hardening.grants().attaches() && DuckDbErrors.attachedLost(e)) {
      attachedLost = true;
      return new UnreachableException(DuckDbErrors.text(e), e);
    }
    if (DuckDbErrors.noSpace(e)) {
      diskWasFull = true;
      return DuckDbErrors.full(e);
    }
    return new EngineException(DuckDbErrors.text(e), e);
  }

  /** Whether nothing runs on it within that time; what comes meanwhile isn't held up. */
  boolean awaitIdle(Duration patience) {
    return inUse.isIdleWithin(patience, () -> !statements.stuck().isEmpty());
  }

  /**
   * Ends what runs on it, then closes.
   *
   * @param end by {@link System#nanoTime}, of the wait for that
   * @throws Fault PACKAGE_BUSY when something doesn't end; it stays open then
   */
  void endAndClose(long end) {
    statements.endAll();
    while (!isClosedWithin(InUse.REPEAT)) {
      if (System.nanoTime() > end) {
        throw new Fault(FaultCode.PACKAGE_BUSY, "a statement doesn't end");
      }
      statements.endAll();
    }
  }

  /**
   * @throws Fault PACKAGE_BUSY when something runs for longer than {@link #PATIENCE}; it stays open
   */
  @Override
  public void close() {
    if (!isClosedWithin(statements.stuck().isEmpty() ? PATIENCE : Duration.ZERO)) {
      statements.refuseClosing();
      throw busy();
    }
  }

  private static Fault busy() {
    return new Fault(
        FaultCode.PACKAGE_BUSY,
        "Queries of the package are still running after %d s; try again when they have ended"
            .formatted(PATIENCE.toSeconds()));
  }

  private boolean isClosedWithin(Duration patience) {
    if (!inUse.isAloneWithin(patience)) {
      return false;
    }
    try {
      closed = true;
      open.close();
      hardening.grants().close();
    } catch (SQLException e) {
      log.warn("A package's database did not close cleanly", e);
    } finally {
      inUse.endAlone();
    }
    return true;
  }
}
