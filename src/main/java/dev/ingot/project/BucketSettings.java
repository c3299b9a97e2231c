package dev.ingot.project;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this server reaches the buckets of shared projects that don't say it themselves.
 *
 * @param accessKeyId null when the server has no access of its own
 * @param region empty for servers that have none
 * @param endpoint host and port; null means Amazon's, or Google's for {@code gs://}
 * @param pathStyle the bucket's name goes into the path instead of the host
 */
@ConfigurationProperties("ingot.bucket")
public record BucketSettings(
    @Nullable String accessKeyId,
    @Nullable String secretAccessKey,
    @Nullable String sessionToken,
    @DefaultValue("") String region,
    @Nullable String endpoint,
    @DefaultValue("false") boolean pathStyle,
    @DefaultValue("true") boolean useSsl) {

  /** What the project says, else what the server's settings say; empty when neither does. */
  public Optional<BucketAccess> access(MaterializationStorage storage) {
    if (!storage.data().isRemote()) {
      return Optional.empty();
    }
    return storage.access().or(this::own);
  }

  private Optional<BucketAccess> own() {
    if (accessKeyId == null || secretAccessKey == null) {
      return Optional.empty();
    }
    return Optional.of(
        new BucketAccess(
            accessKeyId, secretAccessKey, sessionToken, region, endpoint, pathStyle, useSsl));
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "%s at %s".formatted(accessKeyId, endpoint);
  }
}
