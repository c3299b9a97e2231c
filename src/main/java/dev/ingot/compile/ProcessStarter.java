package dev.ingot.compile;

import java.io.IOException;

/** Starts processes that speak as the sidecar does. */
interface ProcessStarter {

  /** A new one, which may not be ready yet. */
  Process start() throws IOException;
}
