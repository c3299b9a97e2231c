package dev.ingot.project;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a container of Azure's blob storage is reached: with a signature, or as an application.
 *
 * @param endpoint of the account's blobs, as {@code https://account.blob.core.windows.net}
 * @param signature what follows the question mark of a URL that is signed; null for an application
 * @param application null for a signature
 */
public record AzureAccess(
    String endpoint, @Nullable String signature, @Nullable Application application) {

  /** How somebody shows that they may read it. */
  public enum Way {
    SAS_TOKEN,
    SERVICE_PRINCIPAL;

    /** As clients of the API name it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Way way() {
    return application == null ? Way.SAS_TOKEN : Way.SERVICE_PRINCIPAL;
  }

  /** The one that a prefix leads to; empty where it is none. */
  static String container(@Nullable String prefix) {
    String[] parts = prefix == null ? new String[0] : prefix.split("/", 4);
    return parts.length > 2 ? parts[2] : "";
  }

  /** The URL that was signed, in a form that may be sent back. */
  public String maskedUrl(@Nullable String prefix) {
    return "%s/%s?%s".formatted(endpoint, container(prefix), CatalogUrl.MASK);
  }

  /** One that a directory of Microsoft Entra knows, and that logs in with a secret. */
  public record Application(String account, String tenantId, String clientId, String clientSecret) {

    /** Without the secret. */
    @Override
    public String toString() {
      return clientId;
    }
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return endpoint;
  }
}
