package dev.ingot.state.catalog;

import dev.ingot.state.store.RunListSuite;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CatalogRunListTest extends RunListSuite {

  CatalogRunListTest() {
    super(new CatalogPlace());
  }
}
