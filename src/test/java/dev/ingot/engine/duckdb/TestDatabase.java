package dev.ingot.engine.duckdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Opens DuckDB files as servers do. */
final class TestDatabase {

  static final int THREADS = 2;

  private TestDatabase() {}

  static DuckDbDatabase open(Path file, Path readable) throws IOException {
    return open(file, readable, THREADS, null);
  }

  /**
   * @param readable the package's folder
   * @param shared null when tables lie in the file
   */
  static DuckDbDatabase open(Path file, Path readable, int threads, @Nullable SharedFolder shared)
      throws IOException {
    Path spill = Files.createDirectories(file.resolveSibling("spill of " + file.getFileName()));
    var settings = new DuckDbSettings(DataSize.ofMegabytes(256), threads, 2);
    return DuckDbDatabase.open(file, new Hardening(readable, spill, settings, shared), () -> false);
  }
}
