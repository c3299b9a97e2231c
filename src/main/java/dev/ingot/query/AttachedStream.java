package dev.ingot.query;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way to a client, until it is cut: the thread of a query that nobody waits for any more must
 * not write to what by then may be another's answer.
 */
final class AttachedStream extends FilterOutputStream {

  private final ReentrantLock writing = new ReentrantLock();

  /** Guarded by the lock. */
  private boolean cut;

  private volatile boolean begun;

  AttachedStream(OutputStream out) {
    super(out);
  }

  /** Whether something was written. */
  boolean isBegun() {
    return begun;
  }

  /** Lets nothing pass from now on; waits for a write that is under way. */
  void cut() {
    writing.lock();
    try {
      cut = true;
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    writing.lock();
    try {
      requireAttached();
      begun = true;
      out.write(bytes, offset, length);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void flush() throws IOException {
    writing.lock();
    try {
      requireAttached();
      out.flush();
    } finally {
      writing.unlock();
    }
  }

  private void requireAttached() throws IOException {
    if (cut) {
      throw new IOException("nobody waits for this answer any more");
    }
  }
}
