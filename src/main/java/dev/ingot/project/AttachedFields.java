package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says of an {@link AttachedDatabase}.
 *
 * @param key to a bucket; null for other types
 * @param azure null for other types
 * @param postgres null for other types
 */
public record AttachedFields(
    String name,
    AttachedDatabase.Type type,
    @Nullable String prefix,
    @Nullable Key key,
    @Nullable AzureFields azure,
    @Nullable PostgresFields postgres) {

  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";

  /**
   * A key to a bucket.
   *
   * @param secret may be masked, as {@code sessionToken}
   * @param endpoint a host or a URL; null is Amazon's, or Google's
   */
  public record Key(
      String id,
      String secret,
      @Nullable String sessionToken,
      @Nullable String region,
      @Nullable String endpoint) {

    /** Without the secrets. */
    @Override
    public String toString() {
      return "%s at %s".formatted(id, endpoint);
    }

    private BucketAccess access(@Nullable BucketAccess known) {
      boolean masked = secret.equals(CatalogUrl.MASK);
      boolean maskedToken = CatalogUrl.MASK.equals(sessionToken);
      boolean useSsl = endpoint == null || !endpoint.startsWith(HTTP);
      String host = endpoint == null ? null : host(endpoint);
      // Otherwise whoever may change a connection could have its secrets used or sent elsewhere.
      boolean same =
          known != null
              && known.accessKeyId().equals(id)
              && Objects.equals(known.endpoint(), host)
              && known.useSsl() == useSsl;
      if ((masked || maskedToken) && !same) {
        throw refuse(
            "a masked secret is not known for this prefix, key and endpoint: give it with the name, prefix, key and endpoint that it is for");
      }
      if (id.isBlank() || secret.isBlank()) {
        throw refuse("the key of a bucket and its secret must not be empty");
      }
      try {
        return new BucketAccess(
            id,
            masked && known != null ? known.secretAccessKey() : secret,
            maskedToken && known != null ? known.sessionToken() : sessionToken,
            region == null ? "" : region,
            host,
            host != null,
            useSsl);
      } catch (Fault e) {
        throw new Fault(FaultCode.INVALID_CONNECTION, e.detail(), e);
      }
    }

    private static String host(String endpoint) {
      String rest = endpoint.startsWith(HTTP) ? endpoint.substring(HTTP.length()) : endpoint;
      rest = rest.startsWith(HTTPS) ? rest.substring(HTTPS.length()) : rest;
      return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    }
  }

  /**
   * The database that it is.
   *
   * @param known whose secrets the masked ones mean; null when there is none
   * @throws Fault INVALID_CONNECTION
   */
  public AttachedDatabase database(@Nullable AttachedDatabase known) {
    // A secret that is known for one place isn't known for another.
    AttachedDatabase same =
        known != null && known.type() == type && Objects.equals(known.prefix(), prefix)
            ? known
            : null;
    return new AttachedDatabase(
        name,
        type,
        prefix,
        key == null ? null : key.access(same == null ? null : same.bucket()),
        azure == null
            ? null
            : azure.access(AzureAccess.container(prefix), same == null ? null : same.azure()),
        postgres == null ? null : postgres.settings(known == null ? null : known.postgres()));
  }

  private static Fault refuse(String what) {
    return new Fault(FaultCode.INVALID_CONNECTION, "Attached databases: " + what);
  }
}
