package dev.ingot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** The DuckDB extensions that the build fetched. */
public final class TestExtensions {

  private TestExtensions() {}

  /**
   * The folder to install them from; empty where the build could not fetch them and DuckDB's own
   * repository is used.
   */
  public static Optional<Path> repository() {
    Path folder = Path.of(System.getProperty("ingot.test.extensions", "target/duckdb-extensions"));
    return Optional.of(folder.toAbsolutePath()).filter(Files::isDirectory);
  }

  /** A server's settings for it. */
  public static String[] settings() {
    return repository()
        .map(folder -> new String[] {"ingot.duckdb.extension-repository=" + folder})
        .orElseGet(() -> new String[0]);
  }

  /**
   * Lets a home find what another test of this build has installed: unpacking the extensions takes
   * longer than most tests. Whoever comes first installs them.
   */
  public static void shareWith(Path home) {
    Path link = home.resolve("extensions");
    try {
      Path installed = Files.createDirectories(Path.of("target/duckdb-installed").toAbsolutePath());
      Files.createDirectories(home);
      if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(link, installed);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For the message of a test that has no extension. */
  public static String hint() {
    return repository()
        .map(folder -> "the DuckDB extensions come from " + folder)
        .orElse(
            "the build could not fetch the DuckDB extensions (its output says why), so DuckDB's own"
                + " repository must be reached");
  }
}
