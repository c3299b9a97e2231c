package dev.ingot.api;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/** Writes only while it holds a lock. */
final class GuardedStream extends FilterOutputStream {

  private final ReentrantLock lock;

  GuardedStream(OutputStream out, ReentrantLock lock) {
    super(out);
    this.lock = lock;
  }

  @Override
  public void write(int b) throws IOException {
    lock.lock();
    try {
      out.write(b);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      out.write(bytes, offset, length);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flush() throws IOException {
    lock.lock();
    try {
      out.flush();
    } finally {
      lock.unlock();
    }
  }
}
