package dev.ingot.state.file;

import dev.ingot.engine.duckdb.DuckDbErrors;
import dev.ingot.engine.duckdb.DuckDbFile;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.Home;
import dev.ingot.project.Reserve;
import dev.ingot.project.SecretBox;
import dev.ingot.state.StateSchema;
import dev.ingot.threads.PlatformCalls;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The state file. All writes of the process take turns: in DuckDB the loser of two overlapping
 * writes is thrown out at its commit, and with one writer there is no loser.
 *
 * <p>A write that finds the disk full is done once more with the room of the {@link Reserve}. A
 * failed commit leaves nothing behind, and a checkpoint comes only between two writes.
 */
@Component
class StateDatabase implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(StateDatabase.class);

  /** For the reads of virtual threads, which take a millisecond; idle ones end by themselves. */
  private static final int READERS = 4;

  private final DuckDbFile file;
  private final Reserve reserve;
  private final StateConnections connections;
  private final JdbcClient client;
  private final TransactionTemplate transactions;
  private final ReentrantLock writer = new ReentrantLock(true);
  private final PlatformCalls reads = new PlatformCalls("state-read", READERS);

  /** They take turns anyway, and so no read waits for a thread that waits for its turn. */
  private final PlatformCalls writes = new PlatformCalls("state-write", 1);

  StateDatabase(Home home, Reserve reserve, SecretBox secrets) {
    this.reserve = reserve;
    file = new DuckDbFile(home.stateFile());
    var checked = new StateFile(home, secrets);
    checked.check(StateSchema.newest());
    connections = new StateConnections(checked);
    client = JdbcClient.create(connections);
    transactions = new TransactionTemplate(new JdbcTransactionManager(connections));
    try {
      StateMigration.migrate(this);
    } catch (RuntimeException e) {
      // Nobody else will: a bean that could not be made is not destroyed.
      destroy();
      throw e;
    }
  }

  /** Of a platform thread, for the tests. */
  JdbcClient client() {
    return client;
  }

  /** Reads, each statement by itself; within {@link #write}, a part of it. */
  <T> T read(Function<JdbcClient, T> work) {
    return reads.call(() -> work.apply(client));
  }

  /**
   * One transaction; what it throws rolls it back. The work may be done twice.
   *
   * @throws Fault STORAGE_FULL when the disk is full and the reserve is used up
   */
  <T> T write(Function<JdbcClient, T> work) {
    return writes.call(() -> writeHere(() -> work.apply(client)));
  }

  private <T> T writeHere(Supplier<T> work) {
    if (writer.isHeldByCurrentThread()) {
      return transact(work);
    }
    writer.lock();
    try {
      T result = withReserve(work);
      if (file.wantsCheckpoint() && file.hasRoomForCheckpoint()) {
        checkpoint();
      }
      return result;
    } finally {
      writer.unlock();
    }
  }

  private <T> T withReserve(Supplier<T> work) {
    try {
      return transact(work);
    } catch (RuntimeException e) {
      reopenAfter(e);
      if (!DuckDbErrors.noSpace(e)) {
        throw e;
      }
      if (!reserve.release()) {
        throw full(e);
      }
    }
    try {
      return transact(work);
    } catch (RuntimeException e) {
      reopenAfter(e);
      throw DuckDbErrors.noSpace(e) ? full(e) : e;
    }
  }

  private <T> T transact(Supplier<T> work) {
    T result = transactions.execute(status -> work.get());
    if (result == null) {
      throw new IllegalStateException("a transaction's work returns something");
    }
    return result;
  }

  private void reopenAfter(RuntimeException e) {
    if (DuckDbErrors.fatal(e)) {
      connections.reopen();
    }
  }

  private static Fault full(RuntimeException e) {
    return new Fault(
        FaultCode.STORAGE_FULL,
        "No space is left on the disk of Ingot's home: free some and try again",
        e);
  }

  private void checkpoint() {
    try {
      client.sql("CHECKPOINT").update();
    } catch (DataAccessException e) {
      // Refused while somebody reads; the next write tries again.
      log.debug("The state's checkpoint is put off", e);
      reopenAfter(e);
    }
  }

  /** One transaction without a result. */
  void change(Consumer<JdbcClient> work) {
    write(client -> {
      work.accept(client);
      return true;
    });
  }

  @Override
  public void destroy() {
    connections.close();
  }
}
