package dev.ingot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
