package dev.ingot.project;

import java.util.Optional;

/** Tries a connection before anything depends on it. */
public interface ConnectionProbe {

  /** Whether it knows how to try such a connection. */
  boolean tries(ConnectionSettings settings);

  /**
   * Connects, and looks whether its user may make tables where Ingot would.
   *
   * @return why it can't be used, in plain words and without secrets; empty when it can
   */
  Optional<String> failure(ConnectionSettings settings);
}
