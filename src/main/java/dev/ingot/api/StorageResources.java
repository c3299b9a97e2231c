package dev.ingot.api;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AccessMode;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.jspecify.annotations.Nullable;

/** A project's storage in requests and answers. Only requests have secrets. */
final class StorageResources {

  private StorageResources() {}

  @Schema(
      name = "MaterializationStorageRequest",
      description =
          "State and tables that several servers share. It is the whole storage; of an earlier one only masked secrets are kept")
  record StorageRequest(
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              description =
                  "The PostgreSQL database of the catalog; special characters are percent-encoded, a password of *** is the known one",
              example = "postgres://user:password@host:5432/database")
          @Nullable String catalogUrl,
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              description = "The tables' folder: s3://, gs://, or file:/// for a folder all mount",
              example = "s3://bucket/prefix")
          @Nullable String dataPath,
      @Schema(
              description =
                  "How the bucket is reached; absent: as the server's settings ingot.bucket say")
          @Nullable BucketRequest bucket) {

    /** Without the secrets. */
    @Override
    public String toString() {
      return "storage at " + dataPath;
    }
  }

  @Schema(name = "BucketRequest")
  record BucketRequest(
      @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable String accessKeyId,
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              accessMode = AccessMode.WRITE_ONLY,
              description = "*** is the one that is known for this accessKeyId and endpoint")
          @Nullable String secretAccessKey,
      @Schema(accessMode = AccessMode.WRITE_ONLY, description = "*** as for secretAccessKey")
          @Nullable String sessionToken,
      @Nullable String region,
      @Schema(
              description = "Host and port; absent: Amazon's, or Google's for gs://",
              example = "s3.example:9000")
          @Nullable String endpoint,
      @Schema(
              description = "The bucket's name goes into the path instead of the host",
              defaultValue = "false")
          @Nullable Boolean pathStyle,
      @Schema(defaultValue = "true") @Nullable Boolean useSsl) {

    /** Without the secrets. */
    @Override
    public String toString() {
      return "bucket of " + accessKeyId;
    }
  }

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
}
