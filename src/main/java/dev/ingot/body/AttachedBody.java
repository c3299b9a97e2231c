package dev.ingot.body;

import dev.ingot.body.AttachedRequests.AttachedRequest;
import dev.ingot.body.AttachedRequests.AzureBody;
import dev.ingot.body.AttachedRequests.DuckDbRequest;
import dev.ingot.body.AttachedRequests.GcsFields;
import dev.ingot.body.AttachedRequests.S3Fields;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Printable;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.AttachedFields;
import dev.ingot.project.AzureFields;
import dev.ingot.project.DuckDbGrants;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** What DuckDB may read elsewhere, as somebody says it. */
final class AttachedBody {

  private static final String FIELD = "duckdbConnection.attachedDatabases.";

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
      String name = required("name", one.name());
      all.add(fields(name, one).database(known.find(name).orElse(null)));
    }
    return new DuckDbGrants(all);
  }

  private static AttachedFields fields(String name, AttachedRequest request) {
    AttachedDatabase.Type type = type(required("type", request.type()));
    refuseOther(type, AttachedDatabase.Type.S3, "s3Connection", request.s3Connection());
    refuseOther(type, AttachedDatabase.Type.GCS, "gcsConnection", request.gcsConnection());
    refuseOther(type, AttachedDatabase.Type.AZURE, "azureConnection", request.azureConnection());
    refuseOther(
        type, AttachedDatabase.Type.POSTGRES, "postgresConnection", request.postgresConnection());
    String prefix = request.prefix();
    return switch (type) {
      case S3 -> new AttachedFields(name, type, prefix, s3(request.s3Connection()), null, null);
      case GCS -> new AttachedFields(name, type, prefix, gcs(request.gcsConnection()), null, null);
      case AZURE ->
          new AttachedFields(name, type, prefix, null, azure(request.azureConnection()), null);
      case HTTPS -> new AttachedFields(name, type, prefix, null, null, null);
      case POSTGRES ->
          new AttachedFields(
              name,
              type,
              prefix,
              null,
              null,
              ConnectionBody.fields(required("postgresConnection", request.postgresConnection())));
    };
  }

  private static AttachedDatabase.Type type(String word) {
    return AttachedDatabase.Type.of(word)
        .orElseThrow(() ->
            new Fault(
                FaultCode.NOT_SUPPORTED,
                "This version attaches no databases of type '%s', only %s"
                    .formatted(Printable.of(word), AttachedDatabase.Type.words())));
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

  private static AttachedFields.Key s3(@Nullable S3Fields given) {
    S3Fields fields = required("s3Connection", given);
    return new AttachedFields.Key(
        required("s3Connection.accessKeyId", fields.accessKeyId()),
        required("s3Connection.secretAccessKey", fields.secretAccessKey()),
        fields.sessionToken(),
        fields.region(),
        fields.endpoint());
  }

  private static AttachedFields.Key gcs(@Nullable GcsFields given) {
    GcsFields fields = required("gcsConnection", given);
    return new AttachedFields.Key(
        required("gcsConnection.keyId", fields.keyId()),
        required("gcsConnection.secret", fields.secret()),
        null,
        null,
        null);
  }

  private static AzureFields azure(@Nullable AzureBody given) {
    AzureBody fields = required("azureConnection", given);
    return new AzureFields(
        required("azureConnection.authType", fields.authType()),
        fields.sasUrl(),
        fields.tenantId(),
        fields.clientId(),
        fields.clientSecret(),
        fields.accountName());
  }

  private static <T> T required(String field, @Nullable T value) {
    return Required.field(FIELD + field, value);
  }

  private static Fault refuse(String what) {
    return new Fault(FaultCode.INVALID_CONNECTION, "Attached databases: " + what);
  }
}
