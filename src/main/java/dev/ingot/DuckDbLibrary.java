package dev.ingot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DuckDB's own code, which its driver unpacks into a temporary file of 60 MB. It is deleted by the
 * end of the process, but not by a kill: so that is done as soon as it is loaded, where a file that
 * is in use can be deleted.
 */
final class DuckDbLibrary {

  private static final Logger log = LoggerFactory.getLogger(DuckDbLibrary.class);
  private static final Path MAPPED = Path.of("/proc/self/maps");
  private static final String NAME = "/libduckdb_java";

  private DuckDbLibrary() {}

  /** Unpacking it takes a second, which Spring needs for itself meanwhile. */
  static void load() {
    try {
      DriverManager.getConnection("jdbc:duckdb:").close();
      if (Files.isReadable(MAPPED)) {
        for (Path unpacked : unpacked()) {
          Files.deleteIfExists(unpacked);
        }
      }
    } catch (SQLException e) {
      log.warn("DuckDB doesn't load", e);
    } catch (IOException e) {
      log.debug("DuckDB's unpacked library stays until the end", e);
    }
  }

  private static List<Path> unpacked() throws IOException {
    return Files.readAllLines(MAPPED).stream()
        .filter(line -> line.contains(NAME) && line.endsWith(".so"))
        .map(line -> Path.of(line.substring(line.indexOf('/'))))
        .distinct()
        .toList();
  }
}
