package dev.ingot.state.catalog;

import dev.ingot.state.store.RunStoreSuite;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CatalogRunStoreTest extends RunStoreSuite {

  CatalogRunStoreTest() {
    super(new CatalogPlace());
  }
}
