package dev.ingot;

import static dev.ingot.testing.RunReport.planned;
import static dev.ingot.testing.RunReport.what;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Server;
import dev.ingot.testing.SharedServers;
import dev.ingot.testing.TestBucket;
import dev.ingot.testing.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers whose tables lie in a bucket, and whose data in another part of it. */
class SharedAttachedTest {

  private static final String DATA = "s3://lake/shared-data/";
  private static final TestBucket bucket = TestBucket.shared();

  @TempDir Path folder;

  private static void put(String name, String text) {
    bucket.client().put("shared-data/" + name, text.getBytes(UTF_8));
  }

  @Test
  void serversFollowTheSameObjectsAndNeverBuildInTurns() {
    put("1.csv", "item,n\npen,1\nink,2\n");
    try (var servers =
        new SharedServers(
            folder, TestPostgres.database().url(), bucket.url("shared-attached-tables"))) {
      String[] settings =
          Stream.concat(
                  Stream.of(bucket.settings()), Stream.of("ingot.duckdb.private-hosts=127.0.0.1"))
              .toArray(String[]::new);
      for (Server server : List.of(servers.start(settings), servers.start(settings))) {
        server
            .client()
            .patch(
                "/api/v0/projects/p/connections/duckdb",
                "{\"duckdbConnection\":{\"attachedDatabases\":[%s]}}"
                    .formatted(AttachedServer.s3("data", DATA, bucket)))
            .expect(200);
      }
      List<PackageApi> shops =
          servers.register(
              "shop",
              """
              source: sales is duckdb.table('%s*.csv')
              #@ persist
              source: by_item is sales -> { group_by: item; aggregate: total is n.sum() }
              #@ persist
              source: best is by_item -> { select: item; where: total > 1 }
              """
                  .formatted(DATA));
      PackageApi first = shops.getFirst();
      PackageApi second = shops.getLast();

      assertThat(what(first.buildOk()))
          .containsExactlyInAnyOrder("by_item BUILT NEW", "best BUILT NEW");
      assertThat(planned(second.plan(""))).allMatch(line -> line.endsWith(" REUSE UNCHANGED"));
      assertThat(what(second.buildOk())).allMatch(line -> line.endsWith(" REUSED UNCHANGED"));
      assertThat(rows(second))
          .isEqualTo("[{\"item\":\"ink\",\"total\":2},{\"item\":\"pen\",\"total\":1}]");

      put("2.csv", "item,n\npen,5\n");
      shops.forEach(
          shop -> assertThat(planned(shop.plan(""))).contains("by_item BUILD DATA_CHANGED"));
      assertThat(what(second.buildOk()))
          .containsExactlyInAnyOrder("by_item BUILT DATA_CHANGED", "best BUILT UPSTREAM");
      assertThat(what(first.buildOk())).allMatch(line -> line.endsWith(" REUSED UNCHANGED"));
      assertThat(rows(first))
          .isEqualTo("[{\"item\":\"ink\",\"total\":2},{\"item\":\"pen\",\"total\":6}]");
    }
  }

  private static String rows(PackageApi shop) {
    return shop.rows("orders.malloy", "run: by_item -> { select: *; order_by: item }").toString();
  }
}
