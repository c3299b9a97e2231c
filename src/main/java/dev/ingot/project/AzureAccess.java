package dev.ingot.project;

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
