package dev.ingot.project;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What makes a project one that several servers share: a catalog for its state, and a folder that
 * all of them reach for its tables.
 *
 * @param bucket null for a folder, or when the server's own settings say how to reach the bucket
 */
public record MaterializationStorage(
    CatalogUrl catalog, DataPath data, @Nullable BucketAccess bucket) {

  /** Whether it is the same place, however it is reached and whoever asks. */
  public boolean isSamePlace(MaterializationStorage other) {
    return catalog.host().equals(other.catalog.host())
        && catalog.port() == other.catalog.port()
        && catalog.database().equals(other.catalog.database())
        && data.equals(other.data);
  }

  public Optional<BucketAccess> access() {
    return Optional.ofNullable(bucket);
  }
}
