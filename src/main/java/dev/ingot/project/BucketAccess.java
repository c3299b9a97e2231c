package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.regex.Pattern;
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

  private static final Pattern ENDPOINT =
      Pattern.compile(
          "([A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+])(:([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5]))?");

  /** It becomes a part of a host's name. */
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]{0,63}");

  /**
   * @throws Fault INVALID_STORAGE
   */
  public BucketAccess {
    if (!REGION.matcher(region).matches()) {
      throw new Fault(
          FaultCode.INVALID_STORAGE,
          "'region' of a bucket must be letters, digits and -, such as eu-west-1");
    }
    if (endpoint != null && !ENDPOINT.matcher(endpoint).matches()) {
      throw new Fault(
          FaultCode.INVALID_STORAGE,
          "'endpoint' of a bucket must be a host with or without a port, such as s3.example:9000; 'useSsl' says whether it is https");
    }
  }

  /** The URL of its endpoint; null where none is named. */
  public @Nullable String url() {
    return endpoint == null ? null : (useSsl ? "https://" : "http://") + endpoint;
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "%s at %s".formatted(accessKeyId, endpoint);
  }
}
