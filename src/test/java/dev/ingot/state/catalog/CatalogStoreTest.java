package dev.ingot.state.catalog;

import dev.ingot.state.store.StoreSuite;
import dev.ingot.state.store.Stores;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CatalogStoreTest extends StoreSuite {

  /** The same for all tests: DuckDB's extensions are installed in it. */
  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // By open(), before each test.
  private SharedCatalog catalog;

  @Override
  protected Stores open() throws IOException {
    catalog = new SharedCatalog(folder.toRealPath());
    return catalog.server(SharedCatalog.LONG);
  }

  @Override
  protected Stores reopen() {
    return catalog.server(SharedCatalog.LONG);
  }

  @Override
  protected void close() {
    catalog.close();
  }
}
