package dev.ingot.api;

import dev.ingot.project.BucketAccess;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.MaterializationStorage;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A project's storage in answers, which have no secrets. */
final class StorageResources {

  private StorageResources() {}

  @Schema(name = "MaterializationStorage", description = "State and tables that servers share")
  record StorageResource(
      @Schema(
              description = "With *** for the password",
              example = "postgres://user:***@host:5432/database")
          String catalogUrl,
      @Schema(example = "s3://bucket/prefix") String dataPath,
      @Nullable BucketResource bucket) {}

  @Schema(name = "Bucket")
  record BucketResource(
      String accessKeyId,
      @Schema(description = "Always ***", example = "***") String secretAccessKey,
      @Schema(description = "*** when there is one", example = "***") @Nullable String sessionToken,
      String region,
      @Nullable String endpoint,
      boolean pathStyle,
      boolean useSsl) {}

  /** Without the secrets, in a form that may be sent back. */
  static @Nullable StorageResource shown(@Nullable MaterializationStorage storage) {
    if (storage == null) {
      return null;
    }
    BucketAccess bucket = storage.bucket();
    return new StorageResource(
        storage.catalog().text(),
        storage.data().text(),
        bucket == null
            ? null
            : new BucketResource(
                bucket.accessKeyId(),
                CatalogUrl.MASK,
                bucket.sessionToken() == null ? null : CatalogUrl.MASK,
                bucket.region(),
                bucket.endpoint(),
                bucket.pathStyle(),
                bucket.useSsl()));
  }
}
