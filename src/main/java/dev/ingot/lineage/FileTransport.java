package dev.ingot.lineage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/** Adds each event to a file, as a line. It may be moved away at any time. */
final class FileTransport implements Transport {

  private final Path file;

  /** The events of several projects come at once. */
  private final ReentrantLock writing = new ReentrantLock();

  FileTransport(Path file) {
    this.file = file;
  }

  @Override
  public void send(String event) throws IOException {
    writing.lock();
    // At its end, wherever another server has brought that.
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE, APPEND)) {
      // What a full disk or a crash has left of a line stays one of its own.
      String line = (isLineOpen() ? "\n" : "") + event + "\n";
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } finally {
      writing.unlock();
    }
  }

  private boolean isLineOpen() throws IOException {
    var last = ByteBuffer.allocate(1);
    try (FileChannel channel = FileChannel.open(file, READ)) {
      long end = channel.size();
      return end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
