package dev.ingot.project;

import org.jspecify.annotations.Nullable;

/**
 * How a bucket is reached; S3's own API, which Google's buckets speak too with an HMAC key.
 *
 * @param region empty for servers that have none
 * @param endpoint host and port; null means Amazon's, or Google's for {@code gs://}
 * @param pathStyle the bucket's name goes into the path instead of the host
 */
public record BucketAccess(
    String accessKeyId,
    String secretAccessKey,
    @Nullable String sessionToken,
    String region,
    @Nullable String endpoint,
    boolean pathStyle,
    boolean useSsl) {

  /** Without the secrets. */
  @Override
  public String toString() {
    return "%s at %s".formatted(accessKeyId, endpoint);
  }
}
