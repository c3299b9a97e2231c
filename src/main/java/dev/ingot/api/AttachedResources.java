package dev.ingot.api;

import dev.ingot.api.ConnectionResources.PostgresResource;
import dev.ingot.body.AttachedRequests;
import dev.ingot.body.AttachedRequests.AzureBody;
import dev.ingot.body.AttachedRequests.GcsFields;
import dev.ingot.body.AttachedRequests.S3Fields;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What DuckDB may read elsewhere, in answers. */
final class AttachedResources {

  private AttachedResources() {}

  @Schema(
      name = "DuckdbConnection",
      description = "What each package's DuckDB may read beside the package's own files")
  record DuckDbResource(List<AttachedResource> attachedDatabases) {}

  @Schema(name = "AttachedDatabase")
  record AttachedResource(
      @Schema(description = AttachedRequests.NAME) String name,
      @Schema(allowableValues = {"s3", "gcs", "azure", "https", "postgres"}) String type,
      @Schema(description = AttachedRequests.PREFIX) @Nullable String prefix,
      @Nullable S3Fields s3Connection,
      @Nullable GcsFields gcsConnection,
      @Nullable AzureBody azureConnection,
      @Nullable PostgresResource postgresConnection) {}
}
