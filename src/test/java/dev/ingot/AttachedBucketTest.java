package dev.ingot;

import static dev.ingot.testing.RunReport.planned;
import static dev.ingot.testing.RunReport.what;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.TestBucket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Packages whose data lies in a bucket that the project was granted. */
class AttachedBucketTest {

  private static final TestBucket bucket = TestBucket.shared();
  private static final String LAKE = AttachedServer.s3("lake", "s3://lake/attached/", bucket);

  @TempDir static Path folder;
  private static AttachedServer server;

  /** Below this, of the test's own. */
  private String prefix;

  private PackageApi shop;
  private PackageFiles files;

  @BeforeAll
  static void start() {
    server = AttachedServer.start(folder, LAKE);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void register() {
    String name = server.newName();
    prefix = "attached/" + name + "/";
    put("sales.csv", "item,n\npen,1\nink,2\n");
    put("days/1.csv", "day_number\n1\n");
    files =
        server
            .files(name)
            .file("own.csv", "a\n1\n")
            .model(
                "shop.malloy",
                """
                source: sales is duckdb.table('s3://lake/%1$ssales.csv')
                #@ persist
                source: by_item is sales -> { group_by: item; aggregate: total is n.sum() }
                #@ persist
                source: best is by_item -> { select: item; where: total > 1 }
                #@ persist
                source: daily is duckdb.table('s3://lake/%1$sdays/*.csv') -> { aggregate: n is count() }
                #@ persist
                source: counted is duckdb.sql(\"""SELECT item FROM read_csv(['s3://lake/%1$ssales.csv'])\""")
                  -> { aggregate: n is count() }
                #@ persist
                source: own is duckdb.table('own.csv') -> { aggregate: n is count() }
                """
                    .formatted(prefix));
    shop = server.register(name);
  }

  private void put(String name, String text) {
    bucket.client().put(prefix + name, text.getBytes(UTF_8));
  }

  @Test
  void whatLiesInABucketIsBuiltAndFollowed() {
    assertThat(what(shop.buildOk()))
        .containsExactlyInAnyOrder(
            "by_item BUILT NEW",
            "best BUILT NEW",
            "daily BUILT NEW",
            "counted BUILT NEW",
            "own BUILT NEW");
    JsonNode plan = shop.plan("");
    assertThat(planned(plan)).allMatch(line -> line.endsWith(" REUSE UNCHANGED"));
    assertThat(plan.path("targets").valueStream().map(one -> one.path("freshness").asString()))
        .containsOnly("checked");
    String rows = "run: by_item -> { select: *; order_by: item }";
    assertThat(shop.rows("shop.malloy", rows).toString())
        .isEqualTo("[{\"item\":\"ink\",\"total\":2},{\"item\":\"pen\",\"total\":1}]");

    put("days/2.csv", "day_number\n2\n3\n");
    put("days/not-one.txt", "nothing");
    plan = shop.plan("");
    assertThat(planned(plan))
        .containsExactlyInAnyOrder(
            "by_item REUSE UNCHANGED",
            "best REUSE UNCHANGED",
            "daily BUILD DATA_CHANGED",
            "counted REUSE UNCHANGED",
            "own REUSE UNCHANGED");
    assertThat(plan.toString()).contains("s3://lake/%sdays/2.csv is new".formatted(prefix));
    assertThat(what(shop.buildOk())).contains("daily BUILT DATA_CHANGED").hasSize(5);
    assertThat(shop.rows("shop.malloy", "run: daily -> { select: * }").toString())
        .isEqualTo("[{\"n\":3}]");

    // As long as before, and perhaps within the same second.
    put("sales.csv", "item,n\npen,1\nink,9\n");
    assertThat(what(shop.buildOk()))
        .containsExactlyInAnyOrder(
            "by_item BUILT DATA_CHANGED",
            "best BUILT UPSTREAM",
            "daily REUSED UNCHANGED",
            "counted BUILT DATA_CHANGED",
            "own REUSED UNCHANGED");
    assertThat(shop.rows("shop.malloy", rows).toString())
        .isEqualTo("[{\"item\":\"ink\",\"total\":9},{\"item\":\"pen\",\"total\":1}]");
  }

  @Test
  void aMaskedSecretIsTheOneThatIsKnown() {
    String masked = LAKE.replace(bucket.secret(), "***");
    try {
      Answer changed = server.grant(masked, AttachedServer.https("site", "https://h.example/a/"));
      JsonNode all = changed.expect(200).json().at("/duckdbConnection/attachedDatabases");
      assertThat(all).hasSize(2);
      assertThat(all.at("/0/s3Connection/secretAccessKey").asString()).isEqualTo("***");
      assertThat(changed.text()).doesNotContain(bucket.secret());
      shop.buildOk();

      for (String elsewhere :
          new String[] {
            masked.replace(bucket.endpoint(), "127.0.0.1:9"),
            masked.replace("http://", "https://"),
            masked.replace(bucket.key(), "other"),
            masked.replace("\"lake\"", "\"pond\"")
          }) {
        Refusal.check(server.grant(elsewhere), 400, "invalid_connection", "masked");
      }
    } finally {
      server.grant(LAKE).expect(200);
    }
  }

  /** As clients of the upstream API give it: a connection of its own, behind which is DuckDB. */
  @Test
  void aConnectionOfTypeDuckdbIsAnotherNameForThePackagesDatabase() {
    String connections = server.connections();
    put("named.csv", "item,n\npen,1\nink,2\n");
    String body =
        "{\"name\":\"pond\",\"type\":\"duckdb\",\"duckdbConnection\":{\"attachedDatabases\":[%s]}}";
    String pond = AttachedServer.s3("pond_files", "s3://lake/" + prefix, bucket);
    try {
      Refusal.check(
          server.client().post(connections, body.formatted(LAKE)),
          400,
          "invalid_connection",
          "lake");
      server.client().post(connections, body.formatted(pond)).expect(201);
      server.grant().expect(200);
      files.model(
          "shop.malloy",
          """
          source: sales is pond.table('s3://lake/%snamed.csv')
          #@ persist
          source: by_item is sales -> { group_by: item; aggregate: total is n.sum() }
          #@ persist
          source: best is by_item -> { select: item; where: total > 1 }
          """
              .formatted(prefix));

      assertThat(what(shop.buildOk()))
          .containsExactlyInAnyOrder("by_item BUILT NEW", "best BUILT NEW");
      assertThat(what(shop.buildOk())).allMatch(line -> line.endsWith(" REUSED UNCHANGED"));
      Answer answer = shop.query("shop.malloy", "run: best -> { select: * }").expect(200);
      assertThat(answer.rows().toString()).isEqualTo("[{\"item\":\"ink\"}]");
      assertThat(answer.json().path("live")).isEmpty();
      put("named.csv", "item,n\npen,7\nink,2\n");
      assertThat(what(shop.buildOk()))
          .containsExactlyInAnyOrder("by_item BUILT DATA_CHANGED", "best BUILT UPSTREAM");

      server.client().delete(connections + "/pond").expect(204);
      assertThat(shop.query("shop.malloy", "run: best -> { select: * }").status())
          .isBetween(400, 499);
      Refusal.check(server.client().delete(connections + "/pond"), 404, "connection_not_found");
    } finally {
      server.grant(LAKE).expect(200);
    }
  }

  @Test
  void aPrefixThatIsTakenBackIsReadNoMore() {
    shop.buildOk();
    try {
      server.grant().expect(200);

      assertThat(shop.query("shop.malloy", "run: sales -> { aggregate: n is count() }").text())
          .contains("nothing is granted");
      assertThat(what(shop.build())).allMatch(line -> line.endsWith(" SKIPPED UNPLANNED"));
    } finally {
      server.grant(LAKE).expect(200);
    }
    assertThat(what(shop.buildOk())).allMatch(line -> line.endsWith(" REUSED UNCHANGED"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FROM 's3://lake/attached/../secret/s.csv'",
        "FROM 's3://lake/attached/%2E%2e/secret/s.csv'",
        "FROM 's3://lake/attached/a.csv?s3_endpoint=127.0.0.1:9'",
        "FROM $$s3://lake/attached/a.csv?s3_endpoint=127.0.0.1:9$$",
        "FROM E's3://lake/attached/a.csv\\x3fs3_endpoint=127.0.0.1:9'",
        "FROM \"s3://lake/attached/a.csv?s3_endpoint=127.0.0.1:9\"",
        "FROM read_csv('s3://lake/attached/a.csv?s3_endpoint=127.0.0.1:9')",
        "FROM read_csv(['s3://lake/attached/a.csv', 's3://lake/attached/../b.csv'])",
        "FROM read_csv('s3://lake/attached/a.csv' || chr(63) || 's3_endpoint=127.0.0.1:9')",
        "FROM read_text((SELECT 's3://lake/attached/a.csv'))",
        "FROM glob('s3://lake/attached/' || '../*')",
        "SELECT * FROM (SUMMARIZE 's3://lake/attached/../secret/s.csv')",
        "PIVOT (FROM 's3://lake/attached/../secret/s.csv') ON a USING count(*)",
        "SELECT * FROM (PIVOT (FROM 's3:'\n'//lake/attached/../secret/s.csv') ON a USING count(*))",
        "FROM \"s3://lake/attached/a\".\"csv?s3_endpoint=127.0.0.1:9\"",
        "FROM \"s3://lake/attached/\".\"../secret/s\".csv",
        "FROM histogram('s3://lake/attached/a.csv', a)",
        "FROM histogram(bin_count := 5, source := 's3://lake/' || 'attached/a.csv', col_name := a)",
        "FROM pragma_table_info('pg_catalog.pg_class')",
        "FROM pg_catalog.pg_settings",
        "FROM $$pg_settings$$",
        "FROM duckdb_logs",
        "FROM duckdb_databases",
        "FROM 's3://lake/secret/s.csv'",
        "FROM 's3://lake/attachedtoo/s.csv'",
        "FROM 's3://other/attached/s.csv'",
        "FROM 'https://127.0.0.1/s.csv'",
        "FROM 'http://169.254.169.254/latest/meta-data'",
        "SELECT * FROM duckdb_secrets()",
        "SELECT current_setting('http_proxy_password')",
        "SELECT json_serialize_plan('FROM ''s3://lake/attached/a.csv?s3_endpoint=127.0.0.1:9''')"
      })
  void nothingElseIsReached(String sql) {
    bucket.client().put("secret/s.csv", "a\ncanary\n".getBytes(UTF_8));
    files.model(
        "hostile.malloy",
        "source: hostile is duckdb.sql(\"\"\"%s\"\"\") -> { select: * }\n".formatted(sql));

    Answer answer = shop.query("hostile.malloy", "run: hostile -> { aggregate: n is count() }");

    assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
    assertThat(answer.text())
        .doesNotContain("canary", "Could not connect", bucket.secret(), "HTTP HEAD", "HTTP GET");
  }
}
