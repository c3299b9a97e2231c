package dev.ingot.state.catalog;

import dev.ingot.state.store.VersionStoreSuite;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CatalogVersionStoreTest extends VersionStoreSuite {

  CatalogVersionStoreTest() {
    super(new CatalogPlace());
  }
}
