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

  public Optional<BucketAccess> access() {
    return Optional.ofNullable(bucket);
  }
}
