package dev.ingot.body;

import dev.ingot.project.AttachedDatabase;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody says of what DuckDB may read elsewhere. */
public final class AttachedRequests {

  private static final String SECRET =
      "*** in answers; in requests *** is the one that is known for this name, prefix, key and endpoint";
  public static final String NAME =
      "Of a database, as models say it before schema and table; of a prefix, for people";
  public static final String PREFIX =
      "What may be read begins with it: s3://bucket/folder/, gs://bucket/folder/, az://container/folder/ or https://host/folder/; for buckets and sites";

  private AttachedRequests() {}

  @Schema(name = "DuckdbConnectionRequest", description = "What is absent in a change stays")
  public record DuckDbRequest(@Nullable List<@Nullable AttachedRequest> attachedDatabases) {}

  @Schema(name = "AttachedDatabaseRequest")
  public record AttachedRequest(
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              description = NAME,
              pattern = AttachedDatabase.NAME)
          @Nullable String name,
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              allowableValues = {"s3", "gcs", "azure", "https", "postgres"})
          @Nullable String type,
      @Schema(description = PREFIX, example = "s3://lake/orders/") @Nullable String prefix,
      @Schema(description = "For type s3") @Nullable S3Fields s3Connection,
      @Schema(description = "For type gcs") @Nullable GcsFields gcsConnection,
      @Schema(description = "For type azure") @Nullable AzureBody azureConnection,
      @Schema(description = "For type postgres; it is read, never written")
          @Nullable PostgresRequest postgresConnection) {}

  @Schema(name = "S3Connection")
  public record S3Fields(
      @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable String accessKeyId,
      @Schema(requiredMode = RequiredMode.REQUIRED, description = SECRET)
          @Nullable String secretAccessKey,
      @Schema(description = SECRET) @Nullable String sessionToken,
      @Schema(defaultValue = "us-east-1") @Nullable String region,
      @Schema(
              description = "Of a server that isn't Amazon's: a host or its URL",
              example = "https://s3.example:9000")
          @Nullable String endpoint) {

    /** Without the secrets. */
    @Override
    public String toString() {
      return "%s at %s".formatted(accessKeyId, endpoint);
    }
  }

  @Schema(name = "GcsConnection", description = "An HMAC key")
  public record GcsFields(
      @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable String keyId,
      @Schema(requiredMode = RequiredMode.REQUIRED, description = SECRET) @Nullable String secret) {

    /** Without the secrets. */
    @Override
    public String toString() {
      return String.valueOf(keyId);
    }
  }

  @Schema(name = "AzureConnection", description = "A container of Azure's blob storage")
  public record AzureBody(
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              allowableValues = {"sas_token", "service_principal"})
          @Nullable String authType,
      @Schema(
              description =
                  "For sas_token: the URL of the container with its signature, which is *** in answers",
              example = "https://account.blob.core.windows.net/lake?sv=…&sig=…")
          @Nullable String sasUrl,
      @Schema(description = "For service_principal, as the next three") @Nullable String tenantId,
      @Nullable String clientId,
      @Schema(description = SECRET) @Nullable String clientSecret,
      @Nullable String accountName) {

    /** Without the secrets. */
    @Override
    public String toString() {
      return "%s %s".formatted(authType, accountName);
    }
  }
}
