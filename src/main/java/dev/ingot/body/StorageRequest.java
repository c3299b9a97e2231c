package dev.ingot.body;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.jspecify.annotations.Nullable;

/** What somebody says of a storage. */
@Schema(
    name = "MaterializationStorageRequest",
    description =
        "State and tables that several servers share. It is the whole storage; of an earlier one only masked secrets are kept")
public record StorageRequest(
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
