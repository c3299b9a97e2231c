package dev.ingot.state.store;

import dev.ingot.project.PackageKey;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the stores do, wherever a project's state lies. */
abstract class StoreSuite {

  static final PackageKey OTHER = PackageKey.of("p", "other");

  @TempDir static Path folder;
  private final StorePlace place;
  Stores fixture;

  StoreSuite(StorePlace place) {
    this.place = place;
  }

  @BeforeEach
  void begin() throws Exception {
    fixture = place.open(folder);
  }

  Stores reopen() {
    return place.reopen();
  }

  @AfterEach
  void close() {
    place.close();
  }
}
