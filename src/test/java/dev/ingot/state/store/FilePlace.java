package dev.ingot.state.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** In the state file of a home. */
final class FilePlace implements StorePlace {

  @SuppressWarnings("NullAway.Init") // By open(), before each test.
  private Path home;

  @SuppressWarnings("NullAway.Init") // By open(), before each test.
  private Fixture file;

  @Override
  public Stores open(Path folder) throws IOException {
    home = Files.createTempDirectory(folder, "home");
    return reopen();
  }

  @Override
  public Stores reopen() {
    file = new Fixture(home);
    return file;
  }

  @Override
  public void close() {
    file.close();
  }
}
