package dev.ingot.body;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.DataPath;
import dev.ingot.project.MaterializationStorage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Storages, as somebody says them. */
public final class StorageBody {

  private StorageBody() {}

  /**
   * @param known whose secrets the masked ones mean; null when there is none
   * @throws Fault BAD_REQUEST, INVALID_STORAGE
   */
  public static @Nullable MaterializationStorage read(
      @Nullable StorageRequest request, @Nullable MaterializationStorage known) {
    if (request == null) {
      return null;
    }
    String url = Required.field("materializationStorage.catalogUrl", request.catalogUrl());
    var data = new DataPath(Required.field("materializationStorage.dataPath", request.dataPath()));
    BucketRequest bucket = request.bucket();
    if (bucket != null && !data.isRemote()) {
      throw refuse("'bucket' is for s3:// and gs://; leave it out for a folder");
    }
    return new MaterializationStorage(
        CatalogUrl.parse(url, known == null ? null : known.catalog()),
        data,
        bucket == null ? null : read(bucket, known == null ? null : known.bucket()));
  }

  private static BucketAccess read(BucketRequest request, @Nullable BucketAccess known) {
    String key = Required.field("materializationStorage.bucket.accessKeyId", request.accessKeyId());
    String secret =
        Required.field("materializationStorage.bucket.secretAccessKey", request.secretAccessKey());
    String token = request.sessionToken();
    boolean useSsl = !Boolean.FALSE.equals(request.useSsl());
    if (secret.equals(CatalogUrl.MASK) || CatalogUrl.MASK.equals(token)) {
      // Otherwise whoever may change a project could have its secrets used or sent elsewhere.
      if (known == null
          || !known.accessKeyId().equals(key)
          || !Objects.equals(known.endpoint(), request.endpoint())
          || known.useSsl() != useSsl) {
        throw refuse(
            "'bucket' has a masked secret; give it with the accessKeyId and endpoint that it changes");
      }
      secret = secret.equals(CatalogUrl.MASK) ? known.secretAccessKey() : secret;
      token = CatalogUrl.MASK.equals(token) ? known.sessionToken() : token;
    }
    if (key.isBlank() || secret.isBlank()) {
      throw refuse("'bucket' needs an accessKeyId and a secretAccessKey that aren't empty");
    }
    return new BucketAccess(
        key,
        secret,
        token,
        Objects.requireNonNullElse(request.region(), ""),
        request.endpoint(),
        Boolean.TRUE.equals(request.pathStyle()),
        useSsl);
  }

  private static Fault refuse(String what) {
    return new Fault(FaultCode.INVALID_STORAGE, what);
  }
}
