package dev.ingot.project;

import dev.ingot.threads.Tasks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * A file in the home that holds room on the disk for what must be written when it is full: the ends
 * of runs, and the little that a database writes to give room back. It is deleted for that, and
 * made again once there is twice its size.
 */
@Component
public final class Reserve implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(Reserve.class);
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final int CHUNK = 64 * 1024;

  private final Path file;
  private final long size;
  private final Runnable end;

  public Reserve(Home home, ReserveSettings settings, Tasks tasks) {
    file = home.root().resolve("reserve");
    size = settings.reserveSize().toBytes();
    if (!restore()) {
      log.warn("The disk of {} is nearly full: there is no reserve", home.root());
    }
    end = tasks.every(RETRY, "reserve", this::restore);
  }

  /**
   * Gives the room away.
   *
   * @return false when there was none left
   */
  public synchronized boolean release() {
    try {
      boolean released = Files.deleteIfExists(file);
      if (released) {
        log.warn("The disk is full: the reserve {} was given away", file);
      }
      return released;
    } catch (IOException e) {
      log.warn("The reserve {} can't be given away", file, e);
      return false;
    }
  }

  /** True when it is there. */
  private synchronized boolean restore() {
    try {
      if (Files.exists(file) ? Files.size(file) == size : size == 0) {
        return true;
      }
      // What a crash or a setting of before left is no reserve.
      Files.deleteIfExists(file);
      if (size == 0 || Files.getFileStore(file.getParent()).getUsableSpace() < 2 * size) {
        return size == 0;
      }
      write();
      return true;
    } catch (IOException e) {
      log.debug("The reserve {} can't be made yet", file, e);
      release();
      return false;
    }
  }

  /** Random bytes, because a file system may store zeros, or what compresses, in no room at all. */
  private void write() throws IOException {
    var random = new Random();
    var chunk = new byte[CHUNK];
    try (OutputStream output = Files.newOutputStream(file)) {
      for (long left = size; left > 0; left -= CHUNK) {
        random.nextBytes(chunk);
        output.write(chunk, 0, (int) Math.min(left, CHUNK));
      }
    }
  }

  @Override
  public void destroy() {
    end.run();
  }
}
