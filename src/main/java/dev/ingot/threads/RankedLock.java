package dev.ingot.threads;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A lock that is refused to who would take it out of order, before it can come to a deadlock. First
 * come, first served. Whoever holds it may take it again, and gives it back on the same thread.
 */
public final class RankedLock {

  /** What each thread holds, the last taken first. */
  private static final ThreadLocal<Deque<RankedLock>> HELD =
      ThreadLocal.withInitial(ArrayDeque::new);

  private final LockRank rank;
  private final String name;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

  /**
   * @param name what it guards one of, for who finds it taken out of order
   */
  public RankedLock(LockRank rank, Object name) {
    this.rank = rank;
    this.name = rank + " of " + name;
  }

  /**
   * Does something while nobody else holds it; waits for that as long as it takes.
   *
   * @throws IllegalStateException when this thread holds a lock that comes after it
   */
  public <T> T hold(Supplier<T> work) {
    requireOrder();
    if (lock.getReadHoldCount() > 0 && !lock.isWriteLockedByCurrentThread()) {
      throw new IllegalStateException(name + " is shared by who would hold it alone");
    }
    lock.writeLock().lock();
    return held(lock.writeLock(), work);
  }

  /**
   * Does something while nobody holds it alone.
   *
   * @throws IllegalStateException when this thread holds a lock that comes after it
   */
  public <T> T share(Supplier<T> work) {
    requireOrder();
    lock.readLock().lock();
    return held(lock.readLock(), work);
  }

  /**
   * Does something while nobody else holds it, if that is so now; empty otherwise. Nobody waits for
   * anybody then, so any order will do.
   */
  public <T> Optional<T> holdIfFree(Supplier<T> work) {
    return lock.writeLock().tryLock()
        ? Optional.of(held(lock.writeLock(), work))
        : Optional.empty();
  }

  /**
   * Does something while nobody else holds it, if that comes to be in time; empty otherwise.
   *
   * @throws IllegalStateException when this thread holds a lock that comes after it
   */
  public <T> Optional<T> holdWithin(Duration patience, Supplier<T> work)
      throws InterruptedException {
    requireOrder();
    return lock.writeLock().tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)
        ? Optional.of(held(lock.writeLock(), work))
        : Optional.empty();
  }

  private <T> T held(Lock taken, Supplier<T> work) {
    Deque<RankedLock> held = HELD.get();
    held.push(this);
    try {
      return work.get();
    } finally {
      held.pop();
      if (held.isEmpty()) {
        HELD.remove();
      }
      taken.unlock();
    }
  }

  private void requireOrder() {
    Deque<RankedLock> holding = HELD.get();
    if (!holding.contains(this)) {
      for (RankedLock held : holding) {
        if (!rank.mayFollow(held.rank)) {
          throw new IllegalStateException(
              "%s is not to be waited for by who holds %s".formatted(name, held.name));
        }
      }
    }
  }
}
