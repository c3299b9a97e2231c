package dev.ingot.engine.duckdb;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.threads.PlatformCalls;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;

/** Who uses an open database: what runs on it shares it, and what closes it has it alone. */
final class InUse {

  /** Between two looks. */
  static final Duration REPEAT = Duration.ofMillis(20);

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

  void begin() {
    lock.readLock().lock();
  }

  void end() {
    lock.readLock().unlock();
  }

  boolean isByThisThread() {
    return lock.getReadHoldCount() > 0;
  }

  /**
   * When it is true, the caller has it alone, until {@link #endAlone}.
   *
   * @throws Fault CANCELLED when the thread is interrupted
   */
  boolean isAloneWithin(Duration patience) {
    PlatformCalls.requirePlatformThread();
    try {
      return lock.writeLock().tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(FaultCode.CANCELLED, "Interrupted while a database was closed", e);
    }
  }

  void endAlone() {
    lock.writeLock().unlock();
  }

  /**
   * Waits until nobody uses it; what comes meanwhile isn't held up.
   *
   * @param hopeless when it is of no use to wait on
   * @return false when somebody still does after that time
   */
  boolean isIdleWithin(Duration patience, BooleanSupplier hopeless) {
    long end = System.nanoTime() + patience.toNanos();
    // Not a timed tryLock, which lines up and lets nobody else in.
    while (!lock.writeLock().tryLock()) {
      if (System.nanoTime() > end || hopeless.getAsBoolean()) {
        return false;
      }
      LockSupport.parkNanos(REPEAT.toNanos());
    }
    lock.writeLock().unlock();
    return true;
  }
}
