package dev.ingot.compile;

import java.io.IOException;

/** Starts processes that speak as the sidecar does. */
interface ProcessStarter {

  /** A new one, which may not be ready yet. */
  Process start() throws IOException;

  /**
   * One that was started did not become ready.
   *
   * @return whether the next is started in another way
   */
  default boolean failed() {
    return false;
  }
}
