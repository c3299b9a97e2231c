package dev.ingot.project;

import java.time.Instant;

/** A database that the packages of a project may name, or what they may read by their own. */
public record ProjectConnection(ConnectionKey key, ConnectionSettings settings, Instant createdAt) {

  public ProjectConnection with(ConnectionSettings changed) {
    return new ProjectConnection(key, changed, createdAt);
  }
}
