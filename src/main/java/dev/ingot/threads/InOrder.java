package dev.ingot.threads;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** Does one thing after the other in the background, on a thread that ends when nothing is left. */
public final class InOrder implements AutoCloseable {

  private final Tasks tasks;
  private final String name;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean working;
  private boolean closed;

  /**
   * @param name of its thread
   */
  public InOrder(Tasks tasks, String name) {
    this.tasks = tasks;
    this.name = name;
  }

  /** Also after something that threw. */
  public synchronized void then(Runnable work) {
    if (!closed) {
      waiting.add(work);
      if (!working) {
        working = true;
        tasks.start(name, this::workOff);
      }
    }
  }

  private void workOff() {
    boolean done = false;
    try {
      for (Optional<Runnable> next = next(); next.isPresent(); next = next()) {
        next.get().run();
      }
      done = true;
    } finally {
      if (!done) {
        // What comes after it is done all the same.
        tasks.start(name, this::workOff);
      }
    }
  }

  private synchronized Optional<Runnable> next() {
    Optional<Runnable> next = Optional.ofNullable(waiting.poll());
    working = next.isPresent();
    return next;
  }

  /** Drops what has not begun, and takes nothing more. */
  @Override
  public synchronized void close() {
    closed = true;
    waiting.clear();
  }
}
