package dev.ingot.project;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BucketSettingsTest {

  private static final CatalogUrl CATALOG =
      CatalogUrl.parse("postgres://user:password@localhost/catalog", null);
  private static final BucketAccess OF_PROJECT =
      new BucketAccess("project", "hush-1", null, "", null, false, true);
  private static final BucketSettings SERVER =
      new BucketSettings("server", "hush-2", "hush-3", "", "localhost:9000", true, false);

  @Test
  void whatTheProjectSaysComesFirst() {
    assertThat(SERVER.access(storage("s3://bucket/lake", OF_PROJECT))).contains(OF_PROJECT);
    assertThat(SERVER.access(storage("s3://bucket/lake", null)))
        .contains(
            new BucketAccess("server", "hush-2", "hush-3", "", "localhost:9000", true, false));
  }

  @Test
  void aServerWithoutAKeyHasNoAccess() {
    var none = new BucketSettings(null, null, null, "", null, false, true);

    assertThat(none.access(storage("gs://bucket/lake", null))).isEmpty();
  }

  @Test
  void aFolderNeedsNone() {
    assertThat(SERVER.access(storage("file:///folder", null))).isEmpty();
  }

  @Test
  void theirTextHasNoSecret() {
    assertThat(SERVER.toString()).contains("server").doesNotContain("hush");
  }

  private static MaterializationStorage storage(String path, @Nullable BucketAccess access) {
    return new MaterializationStorage(CATALOG, new DataPath(path), access);
  }
}
