package dev.ingot.api;

import dev.ingot.api.AttachedResources.AttachedRequest;
import dev.ingot.api.AttachedResources.AttachedResource;
import dev.ingot.api.AttachedResources.DuckDbRequest;
import dev.ingot.api.AttachedResources.DuckDbResource;
import dev.ingot.api.AttachedResources.GcsFields;
import dev.ingot.api.AttachedResources.S3Fields;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.PostgresSettings;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What DuckDB may read elsewhere, as requests have it, and as answers show it. */
final class AttachedBody {

  private static final String FIELD = "duckdbConnection.attachedDatabases.";
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";

  private AttachedBody() {}

  /**
   * @param known whose secrets the masked ones mean
   * @throws Fault BAD_REQUEST, NOT_SUPPORTED, INVALID_CONNECTION
   */
  static DuckDbGrants read(@Nullable DuckDbRequest request, DuckDbGrants known) {
    if (request == null || request.attachedDatabases() == null) {
      return known;
    }
    var all = new ArrayList<AttachedDatabase>();
    for (AttachedRequest one : request.attachedDatabases()) {
      if (one == null) {
        throw new Fault(FaultCode.BAD_REQUEST, "An attached database is an object, not null");
      }
      String name = Required.field(FIELD + "name", one.name());
      all.add(read(name, one, known.find(name).orElse(null)));
    }
    return new DuckDbGrants(all);
  }

  private static AttachedDatabase read(
      String name, AttachedRequest request, @Nullable AttachedDatabase known) {
    AttachedDatabase.Type type = type(Required.field(FIELD + "type", request.type()));
    refuseOther(type, AttachedDatabase.Type.S3, "s3Connection", request.s3Connection());
    refuseOther(type, AttachedDatabase.Type.GCS, "gcsConnection", request.gcsConnection());
    refuseOther(
        type, AttachedDatabase.Type.POSTGRES, "postgresConnection", request.postgresConnection());
    return new AttachedDatabase(
        name,
        type,
        request.prefix(),
        bucket(type, request, known == null ? null : known.bucket()),
        type == AttachedDatabase.Type.POSTGRES
            ? ConnectionBody.postgres(
                request.postgresConnection(), known == null ? null : known.postgres())
            : null);
  }

  private static AttachedDatabase.Type type(String word) {
    return AttachedDatabase.Type.of(word)
        .orElseThrow(() ->
            new Fault(
                FaultCode.NOT_SUPPORTED,
                "This version attaches no databases of type '%s', only %s"
                    .formatted(word.replaceAll("\\p{Cntrl}", "?"), AttachedDatabase.Type.words())));
  }

  private static void refuseOther(
      AttachedDatabase.Type type,
      AttachedDatabase.Type owner,
      String field,
      @Nullable Object value) {
    if (value != null && type != owner) {
      throw refuse("'%s' is for type %s".formatted(field, owner.word()));
    }
  }

  private static @Nullable BucketAccess bucket(
      AttachedDatabase.Type type, AttachedRequest request, @Nullable BucketAccess known) {
    return switch (type) {
      case S3 -> s3(required("s3Connection", request.s3Connection()), known);
      case GCS -> gcs(required("gcsConnection", request.gcsConnection()), known);
      case HTTPS, POSTGRES -> null;
    };
  }

  private static <T> T required(String field, @Nullable T value) {
    return Required.field(FIELD + field, value);
  }

  private static BucketAccess s3(S3Fields fields, @Nullable BucketAccess known) {
    String said = fields.endpoint();
    boolean plain = said != null && said.startsWith(HTTP);
    String endpoint = said == null ? null : withoutScheme(said);
    return access(
        required("s3Connection.accessKeyId", fields.accessKeyId()),
        required("s3Connection.secretAccessKey", fields.secretAccessKey()),
        fields.sessionToken(),
        Objects.requireNonNullElse(fields.region(), ""),
        endpoint,
        !plain,
        known);
  }

  private static String withoutScheme(String url) {
    String rest = url.startsWith(HTTP) ? url.substring(HTTP.length()) : url;
    rest = rest.startsWith(HTTPS) ? rest.substring(HTTPS.length()) : rest;
    return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
  }

  private static BucketAccess gcs(GcsFields fields, @Nullable BucketAccess known) {
    return access(
        required("gcsConnection.keyId", fields.keyId()),
        required("gcsConnection.secret", fields.secret()),
        null,
        "",
        null,
        true,
        known);
  }

  private static BucketAccess access(
      String key,
      String secret,
      @Nullable String token,
      String region,
      @Nullable String endpoint,
      boolean useSsl,
      @Nullable BucketAccess known) {
    boolean masked = secret.equals(CatalogUrl.MASK);
    boolean maskedToken = CatalogUrl.MASK.equals(token);
    // Otherwise whoever may change a connection could have its secrets used or sent elsewhere.
    boolean same =
        known != null
            && known.accessKeyId().equals(key)
            && Objects.equals(known.endpoint(), endpoint)
            && known.useSsl() == useSsl;
    if ((masked || maskedToken) && !same) {
      throw refuse(
          "a masked secret is not known for this key and endpoint: give it with the name, accessKeyId and endpoint that it is for");
    }
    if (key.isBlank() || secret.isBlank()) {
      throw refuse("the key of a bucket and its secret must not be empty");
    }
    try {
      return new BucketAccess(
          key,
          masked && known != null ? known.secretAccessKey() : secret,
          maskedToken && known != null ? known.sessionToken() : token,
          region,
          endpoint,
          endpoint != null,
          useSsl);
    } catch (Fault e) {
      throw new Fault(FaultCode.INVALID_CONNECTION, e.detail(), e);
    }
  }

  private static Fault refuse(String what) {
    return new Fault(FaultCode.INVALID_CONNECTION, "Attached databases: " + what);
  }

  /** Without the secrets, in a form that may be sent back. */
  static DuckDbResource shown(DuckDbGrants grants) {
    return new DuckDbResource(
        grants.attachedDatabases().stream().map(AttachedBody::shown).toList());
  }

  private static AttachedResource shown(AttachedDatabase one) {
    BucketAccess bucket = one.bucket();
    PostgresSettings postgres = one.postgres();
    return new AttachedResource(
        one.name(),
        one.type().word(),
        one.prefix(),
        one.type() == AttachedDatabase.Type.S3 && bucket != null ? s3(bucket) : null,
        one.type() == AttachedDatabase.Type.GCS && bucket != null
            ? new GcsFields(bucket.accessKeyId(), CatalogUrl.MASK)
            : null,
        postgres == null ? null : ConnectionBody.shown(postgres));
  }

  private static S3Fields s3(BucketAccess bucket) {
    String endpoint = bucket.endpoint();
    return new S3Fields(
        bucket.accessKeyId(),
        CatalogUrl.MASK,
        bucket.sessionToken() == null ? null : CatalogUrl.MASK,
        bucket.region().isEmpty() ? null : bucket.region(),
        endpoint == null ? null : (bucket.useSsl() ? HTTPS : HTTP) + endpoint);
  }
}
