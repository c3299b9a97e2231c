package dev.ingot.state.catalog;

import dev.ingot.state.store.StorePlace;
import dev.ingot.state.store.Stores;
import java.io.IOException;
import java.nio.file.Path;

/** In a shared catalog. */
final class CatalogPlace implements StorePlace {

  @SuppressWarnings("NullAway.Init") // By open(), before each test.
  private SharedCatalog catalog;

  /**
   * @param folder where DuckDB's extensions are installed, too
   */
  @Override
  public Stores open(Path folder) throws IOException {
    catalog = new SharedCatalog(folder.toRealPath());
    return reopen();
  }

  @Override
  public Stores reopen() {
    return catalog.server(SharedCatalog.LONG);
  }

  @Override
  public void close() {
    catalog.close();
  }
}
