package dev.ingot.body;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AccessMode;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.jspecify.annotations.Nullable;

/** What somebody says of how a bucket is reached. */
@Schema(name = "BucketRequest")
public record BucketRequest(
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
