package dev.ingot.project;

import java.time.Instant;

/** A database that the packages of a project may name. */
public record ProjectConnection(ConnectionKey key, PostgresSettings postgres, Instant createdAt) {

  public ProjectConnection with(PostgresSettings changed) {
    return new ProjectConnection(key, changed, createdAt);
  }
}
