package dev.ingot.state.store;

import java.io.IOException;
import java.nio.file.Path;

/** Where the state of a test's projects lies. */
public interface StorePlace {

  /**
   * A place of state with nothing in it.
   *
   * @param folder the same for all tests of a class
   */
  Stores open(Path folder) throws IOException;

  /** The same with what is in it, by a process that starts. */
  Stores reopen();

  void close();
}
