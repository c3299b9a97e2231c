package dev.ingot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;

/** A small file system of its own, which a test can fill. */
public final class Tmpfs implements AutoCloseable {

  private final Path folder;

  private Tmpfs(Path folder) {
    this.folder = folder;
  }

  /** Mounts one over a folder; where that isn't allowed the test is skipped, and says why. */
  public static Tmpfs mount(Path folder, int megabytes) {
    String refused =
        run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString());
    Assumptions.assumeTrue(refused.isEmpty(), "a tmpfs can't be mounted here: " + refused);
    return new Tmpfs(folder);
  }

  /** From now on nothing can be written. */
  public void makeReadOnly() {
    run("mount", "-o", "remount,ro", folder.toString());
  }

  public Path folder() {
    return folder;
  }

  /** Bytes that can still be written. */
  public long free() {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes all the room there is. */
  public void fill() {
    fillUpTo(0);
  }

  /** Takes room until only this many bytes are free. */
  public void fillUpTo(long leave) {
    try (OutputStream output =
        Files.newOutputStream(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (long free = free(); free > leave; free = free()) {
        output.write(new byte[(int) Math.min(free - leave, 1024 * 1024)]);
      }
    } catch (IOException e) {
      // Somebody else took the rest; full is what it should be.
      if (free() > leave) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public void freeWhatFills() {
    try {
      Files.deleteIfExists(filler());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  @Override
  public void close() {
    // Lazily: a server that a failed test left behind may still have a file open.
    run("umount", "--lazy", folder.toString());
  }

  /** What the command says against it; empty when it succeeds. */
  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      return process.waitFor() == 0 ? "" : said + " (exit code " + process.exitValue() + ")";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
