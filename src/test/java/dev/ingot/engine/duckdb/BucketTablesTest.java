package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Engine.Owner;
import dev.ingot.engine.TableName;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.DataPath;
import dev.ingot.project.PackageKey;
import dev.ingot.state.lake.TestLake;
import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.TestBucket;
import dev.ingot.testing.TestPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** In a bucket, with a real lake. */
class BucketTablesTest extends SharedEngineSuite {

  private static final String WRONG = "wrong-secret-for-tests";

  private final TestBucket bucket = TestBucket.shared();
  private final String prefix = "tables-" + UUID.randomUUID();
  private @Nullable Lake lake;

  @Override
  Lake lake() {
    Lake known = lake;
    if (known == null) {
      known = TestLake.files(TestPostgres.database(), shared().data(), folder);
      lake = known;
    }
    return known;
  }

  @Override
  SharedFolder shared() {
    return shared(TestLake.access(bucket));
  }

  private SharedFolder shared(BucketAccess access) {
    return new SharedFolder(
        PackageKey.of("p", "orders"),
        new DataPath(bucket.url(prefix)),
        access,
        TestLake.extensions(folder));
  }

  @Test
  void aDroppedTableLeavesNoObject() {
    build(TABLE, "SELECT 1 AS one");
    assertThat(bucket.list(prefix)).hasSize(1);

    engine.drop(TABLE, "mark");

    assertThat(bucket.list(prefix)).isEmpty();
  }

  @Test
  void aDroppedTableWithoutRowsLeavesNoObjectEither() {
    build(TABLE, "SELECT 1 AS one WHERE false");
    engine.publishViews(Map.of(new TableName("main", "orders"), TABLE), Set.of(), "p/shop");

    engine.drop(TABLE, "mark");

    assertThat(bucket.list(prefix)).isEmpty();
  }

  @Test
  void whatAFailedBuildLeftIsDropped() {
    String select = "SELECT if(i = 2999999, error('late'), i) AS n FROM range(3000000) t(i)";
    assertThatThrownBy(() -> build(TABLE, select)).isInstanceOf(EngineException.class);
    assertThat(engine.existing(List.of(TABLE))).isEmpty();

    engine.drop(TABLE, "mark");

    assertThat(bucket.list(prefix)).isEmpty();
  }

  @Test
  void aBucketThatRefusesTheSecretIsAnErrorWithoutIt() throws IOException {
    requireFailure(TestLake.access(bucket, bucket.endpoint(), WRONG), "403");
  }

  @Test
  void aBucketThatIsNotThereIsAnErrorWithoutTheSecret() throws IOException {
    try (FaultyProxy proxy = FaultyProxy.to("127.0.0.1", bucket.port())) {
      proxy.cut();
      requireFailure(TestLake.access(bucket, proxy.endpoint(), WRONG), "onnect");
    }
  }

  @Test
  void aBucketThatFailsIsAnErrorWithoutTheSecret() throws IOException {
    try (FaultyProxy proxy = FaultyProxy.to("127.0.0.1", bucket.port())) {
      proxy.fail();
      requireFailure(TestLake.access(bucket, proxy.endpoint(), WRONG), "500");
    }
  }

  @Test
  void aSessionTokenThatIsRefusedIsNotRepeated() throws IOException {
    var access =
        new BucketAccess(
            bucket.key(), WRONG, "token-for-tests", "", bucket.endpoint(), true, false);
    requireFailure(access, "");
  }

  private void requireFailure(BucketAccess access, String words) throws IOException {
    SharedFolder failing = shared(access);
    DuckDbDatabase opened =
        TestDatabase.open(folder.resolve("failing.duckdb"), packageFolder, 1, failing);
    try (var broken =
        new DuckDbEngine(
            opened,
            packageFolder,
            definitions ->
                new ParquetTables(
                    new ParquetFiles(opened, failing), opened, definitions, lake()))) {
      assertThatThrownBy(() ->
              broken.build(TABLE, "SELECT 1 AS one", new Owner("mark", "test"), new Cancellation()))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining(words)
          .satisfies(error -> assertThat(trace(error)).doesNotContain(WRONG, "token-for-tests"));
      assertThatThrownBy(() -> broken.existing(List.of(TABLE)))
          .isInstanceOf(EngineException.class)
          .satisfies(error -> assertThat(trace(error)).doesNotContain(WRONG, "token-for-tests"));
    }
    assertThat(bucket.list(prefix)).isEmpty();
  }

  private static String trace(Throwable error) {
    var text = new StringWriter();
    error.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
