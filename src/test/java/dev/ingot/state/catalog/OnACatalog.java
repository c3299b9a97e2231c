package dev.ingot.state.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a new catalog on a real PostgreSQL. */
abstract class OnACatalog {

  @TempDir static Path folder;
  SharedCatalog catalog;

  @BeforeEach
  void open() throws IOException {
    catalog = new SharedCatalog(folder.toRealPath());
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  long sessions(String select, String which) {
    try {
      return Long.parseLong(
          catalog.value(
              select + " FROM pg_stat_activity WHERE datname = current_database() AND " + which));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
