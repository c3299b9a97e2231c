package dev.ingot.state.lake;

import dev.ingot.engine.duckdb.DuckDbExtensions;
import dev.ingot.engine.duckdb.ExtensionSettings;
import dev.ingot.engine.duckdb.Lake;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.DataPath;
import dev.ingot.project.Home;
import dev.ingot.project.HomeSettings;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.WorkerIdentity;
import dev.ingot.testing.TestBucket;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestExtensions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The parts of a real lake, for tests of one of them. */
public final class TestLake {

  private TestLake() {}

  /** Extensions of a home in this folder. */
  public static DuckDbExtensions extensions(Path folder) {
    TestExtensions.shareWith(folder.resolve("home"));
    var home = new Home(new HomeSettings(folder.resolve("home").toString(), List.of()));
    return new DuckDbExtensions(
        home, new ExtensionSettings(TestExtensions.repository().map(Path::toString).orElse(null)));
  }

  /** The tests' bucket with its own secret. */
  public static BucketAccess access(TestBucket bucket) {
    return access(bucket, bucket.endpoint(), bucket.secret());
  }

  /** The same by another way, or with another secret. */
  public static BucketAccess access(TestBucket bucket, String endpoint, String secret) {
    return new BucketAccess(bucket.key(), secret, null, "", endpoint, true, false);
  }

  /** A lake in a new database. */
  static LakeInstance instance(TestDatabase database, DataPath data, Path folder) {
    return instance(database.url(), data, folder);
  }

  /** A lake in the database of this URL. */
  static LakeInstance instance(String url, DataPath data, Path folder) {
    return new LakeInstance(
        new MaterializationStorage(CatalogUrl.parse(url, null), data, null),
        data.isRemote() ? Optional.of(access(TestBucket.shared())) : Optional.empty(),
        extensions(folder),
        WorkerIdentity.SESSIONS);
  }

  /** The files of a lake in a new database. */
  public static Lake files(TestDatabase database, DataPath data, Path folder) {
    return new LakeFiles(instance(database, data, folder));
  }
}
