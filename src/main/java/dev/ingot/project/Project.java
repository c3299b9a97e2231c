package dev.ingot.project;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of packages and connections.
 *
 * @param storage null while its state and tables are this server's own
 * @param givens those that requests can't set
 */
public record Project(
    ProjectName name,
    @Nullable MaterializationStorage storage,
    GivenBindings givens,
    Instant createdAt) {

  /** One that binds no givens. */
  public Project(ProjectName name, @Nullable MaterializationStorage storage, Instant createdAt) {
    this(name, storage, GivenBindings.NONE, createdAt);
  }

  public Project withStorage(@Nullable MaterializationStorage newStorage) {
    return new Project(name, newStorage, givens, createdAt);
  }

  public Project withGivens(GivenBindings newGivens) {
    return new Project(name, storage, newGivens, createdAt);
  }

  /** Whether other servers may work on it too. */
  public boolean isShared() {
    return storage != null;
  }
}
