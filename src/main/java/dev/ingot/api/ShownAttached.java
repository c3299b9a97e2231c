package dev.ingot.api;

import dev.ingot.api.AttachedResources.AttachedResource;
import dev.ingot.api.AttachedResources.DuckDbResource;
import dev.ingot.api.ConnectionResources.PostgresResource;
import dev.ingot.body.AttachedRequests.AzureBody;
import dev.ingot.body.AttachedRequests.GcsFields;
import dev.ingot.body.AttachedRequests.S3Fields;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.AzureAccess;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.DuckDbGrants;
import org.jspecify.annotations.Nullable;

/** What DuckDB may read elsewhere, as answers show it. */
final class ShownAttached {

  private ShownAttached() {}

  /** Without the secrets, in a form that may be sent back. */
  static DuckDbResource of(DuckDbGrants grants) {
    return new DuckDbResource(grants.attachedDatabases().stream().map(ShownAttached::of).toList());
  }

  private static AttachedResource of(AttachedDatabase one) {
    String type = one.type().word();
    PostgresResource postgres = one.postgres() == null ? null : ShownConnection.of(one.postgres());
    boolean google = one.type() == AttachedDatabase.Type.GCS;
    S3Fields s3 = one.bucket() == null || google ? null : s3(one.bucket());
    GcsFields gcs =
        one.bucket() == null || !google
            ? null
            : new GcsFields(one.bucket().accessKeyId(), CatalogUrl.MASK);
    AzureBody azure = one.azure() == null ? null : azure(one.azure(), one.prefix());
    return new AttachedResource(one.name(), type, one.prefix(), s3, gcs, azure, postgres);
  }

  private static AzureBody azure(AzureAccess access, @Nullable String prefix) {
    String way = access.way().word();
    AzureAccess.Application application = access.application();
    return application == null
        ? new AzureBody(way, access.maskedUrl(prefix), null, null, null, null)
        : new AzureBody(
            way,
            null,
            application.tenantId(),
            application.clientId(),
            CatalogUrl.MASK,
            application.account());
  }

  private static S3Fields s3(BucketAccess bucket) {
    return new S3Fields(
        bucket.accessKeyId(),
        CatalogUrl.MASK,
        bucket.sessionToken() == null ? null : CatalogUrl.MASK,
        bucket.region().isEmpty() ? null : bucket.region(),
        bucket.url());
  }
}
