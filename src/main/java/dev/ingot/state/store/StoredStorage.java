package dev.ingot.state.store;

import dev.ingot.project.BucketAccess;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.DataPath;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.state.Columns;
import org.jspecify.annotations.Nullable;

/** A storage with its secrets as it lies, encrypted, in the state. */
record StoredStorage(
    String host,
    int port,
    String database,
    String user,
    String password,
    @Nullable String sslMode,
    String dataPath,
    @Nullable Bucket bucket) {

  record Bucket(
      String accessKeyId,
      String secretAccessKey,
      @Nullable String sessionToken,
      String region,
      @Nullable String endpoint,
      boolean pathStyle,
      boolean useSsl) {

    /** Without the secrets. */
    @Override
    public String toString() {
      return "bucket of " + accessKeyId;
    }
  }

  static String write(MaterializationStorage storage) {
    CatalogUrl catalog = storage.catalog();
    BucketAccess access = storage.bucket();
    return Columns.json(
        new StoredStorage(
            catalog.host(),
            catalog.port(),
            catalog.database(),
            catalog.user(),
            catalog.password(),
            catalog.sslMode(),
            storage.data().text(),
            access == null
                ? null
                : new Bucket(
                    access.accessKeyId(),
                    access.secretAccessKey(),
                    access.sessionToken(),
                    access.region(),
                    access.endpoint(),
                    access.pathStyle(),
                    access.useSsl())));
  }

  static MaterializationStorage read(String json) {
    return Columns.value(json, StoredStorage.class).storage();
  }

  private MaterializationStorage storage() {
    return new MaterializationStorage(
        new CatalogUrl(host, port, database, user, password, sslMode),
        new DataPath(dataPath),
        bucket == null
            ? null
            : new BucketAccess(
                bucket.accessKeyId,
                bucket.secretAccessKey,
                bucket.sessionToken,
                bucket.region,
                bucket.endpoint,
                bucket.pathStyle,
                bucket.useSsl));
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "storage at %s:%d/%s".formatted(host, port, database);
  }
}
