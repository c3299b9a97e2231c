package dev.ingot.state;

import dev.ingot.project.PackageKey;

/** What the servers of a shared project tell each other. */
public sealed interface SharedEvent {

  PackageKey key();

  /** A run is RUNNING no more; whoever carries it out ends its statements. */
  record Ended(PackageKey key, String runId) implements SharedEvent {}

  /** Another version is current now. */
  record Published(PackageKey key) implements SharedEvent {}
}
