package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.AzureAccess.Application;
import dev.ingot.project.AzureAccess.Way;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says of an {@link AzureAccess}; {@code sasUrl} and {@code clientSecret} may be
 * masked.
 */
public record AzureFields(
    String authType,
    @Nullable String sasUrl,
    @Nullable String tenantId,
    @Nullable String clientId,
    @Nullable String clientSecret,
    @Nullable String accountName) {

  private static final String HOST = ".blob.core.windows.net";
  private static final Pattern SAS_URL =
      Pattern.compile(
          "(https?://[A-Za-z0-9.-]+(?::\\d{1,5})?)((?:/[a-z0-9-]+){0,2})/?\\?(\\*\\*\\*|[A-Za-z0-9%=&:+/._~-]+)");
  private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9]{3,24}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]{1,128}");

  /**
   * @param container that it leads to
   * @param known whose secrets the masked ones mean; null when there is none
   * @throws Fault INVALID_CONNECTION, which never repeats a secret
   */
  AzureAccess access(String container, @Nullable AzureAccess known) {
    return switch (way()) {
      case SAS_TOKEN -> {
        refuseOthers(Way.SAS_TOKEN, tenantId, clientId, clientSecret, accountName);
        yield signed(container, known);
      }
      case SERVICE_PRINCIPAL -> {
        refuseOthers(Way.SERVICE_PRINCIPAL, sasUrl);
        yield application(known);
      }
    };
  }

  private Way way() {
    return Arrays.stream(Way.values())
        .filter(way -> way.word().equals(authType))
        .findFirst()
        .orElseThrow(() ->
            refuse(
                "'azureConnection.authType' must be one of "
                    + Arrays.stream(Way.values()).map(Way::word).toList()));
  }

  private static void refuseOthers(Way way, @Nullable String... others) {
    if (!Arrays.stream(others).allMatch(other -> other == null)) {
      throw refuse(
          way == Way.SAS_TOKEN
              ? "with authType sas_token, 'sasUrl' says everything: leave out the other fields of 'azureConnection'"
              : "'azureConnection.sasUrl' is for authType sas_token");
    }
  }

  private AzureAccess signed(String container, @Nullable AzureAccess known) {
    Matcher url = SAS_URL.matcher(sasUrl == null ? "" : sasUrl);
    if (!url.matches()) {
      throw refuse(
          "'azureConnection.sasUrl' must be the URL of a container with its signature, such as https://account.blob.core.windows.net/container?sv=…&sig=…");
    }
    String endpoint = url.group(1) + account(url.group(1), url.group(2), container);
    String signature = url.group(3);
    if (!signature.equals(CatalogUrl.MASK)) {
      return new AzureAccess(endpoint, signature, null);
    }
    // Otherwise whoever may change a connection could have its signature sent elsewhere.
    if (known == null || known.signature() == null || !known.endpoint().equals(endpoint)) {
      throw refuse(
          "a masked 'sasUrl' is not known for this prefix: give it with the name, prefix and URL that it is for");
    }
    return known;
  }

  /** Of a server that serves several accounts, as emulators do, what its URLs begin with. */
  private static String account(String server, String path, String container) {
    List<String> parts = Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
    int most = server.endsWith(HOST) ? 0 : 1;
    if (!parts.isEmpty() && parts.getLast().equals(container)) {
      parts = parts.subList(0, parts.size() - 1);
    }
    if (parts.size() > most) {
      throw refuse(
          "'azureConnection.sasUrl' leads to another container than 'prefix', which names '%s'"
              .formatted(container));
    }
    return parts.isEmpty() ? "" : "/" + parts.getFirst();
  }

  private AzureAccess application(@Nullable AzureAccess known) {
    String account = valid("accountName", accountName, ACCOUNT, "3 to 24 small letters and digits");
    String tenant = valid("tenantId", tenantId, ID, "the directory's id or domain");
    String client = valid("clientId", clientId, ID, "the application's id");
    if (clientSecret == null || clientSecret.isBlank()) {
      throw refuse("'azureConnection.clientSecret' is missing");
    }
    String endpoint = "https://" + account + HOST;
    var given = new Application(account, tenant, client, clientSecret);
    if (!clientSecret.equals(CatalogUrl.MASK)) {
      return new AzureAccess(endpoint, null, given);
    }
    Application before = known == null ? null : known.application();
    if (known == null
        || before == null
        || !before.clientId().equals(client)
        || !before.tenantId().equals(tenant)
        || !before.account().equals(account)) {
      throw refuse(
          "a masked 'clientSecret' is not known for this prefix: give it with the name, prefix, account, tenant and client that it is for");
    }
    return known;
  }

  private static String valid(
      String field, @Nullable String value, Pattern pattern, String description) {
    if (value == null || !pattern.matcher(value).matches()) {
      throw refuse("'azureConnection.%s' must be %s".formatted(field, description));
    }
    return value;
  }

  private static Fault refuse(String what) {
    return new Fault(FaultCode.INVALID_CONNECTION, "Attached databases: " + what);
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "%s %s".formatted(authType, accountName);
  }
}
