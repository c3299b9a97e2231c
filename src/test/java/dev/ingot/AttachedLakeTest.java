package dev.ingot;

import static dev.ingot.testing.RunReport.planned;
import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.duckdb.DuckDbExtensions;
import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.TestBucket;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Packages that read somebody's lake, which somebody else writes to. */
class AttachedLakeTest {

  private static final TestBucket bucket = TestBucket.shared();
  private static final String URL = "s3://lake/attached-lake";

  @TempDir Path folder;

  /** Its owner's own way to it. */
  private static Connection owner(AttachedServer server, TestDatabase catalog) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:duckdb:");
    server.bean(DuckDbExtensions.class).load(connection, "httpfs", "postgres_scanner", "ducklake");
    execute(
        connection,
        """
        CREATE SECRET bucket (TYPE s3, KEY_ID '%s', SECRET '%s', REGION 'us-east-1',
          ENDPOINT '%s', URL_STYLE 'path', USE_SSL false)
        """
            .formatted(bucket.key(), bucket.secret(), bucket.endpoint()));
    execute(
        connection,
        """
        ATTACH 'ducklake:postgres:host=%s port=%d dbname=%s user=%s password=%s' AS mine
          (DATA_PATH '%s/', METADATA_SCHEMA 'mine')
        """
            .formatted(
                catalog.host(),
                catalog.port(),
                catalog.name(),
                catalog.user(),
                catalog.password(),
                URL));
    return connection;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String lake(TestDatabase catalog) {
    return """
    {"name":"lake","type":"ducklake","ducklakeConnection":{
     "catalog":{"metadataSchema":"mine","postgresConnection":{"connectionString":"%s"}},
     "storage":{"bucketUrl":"%s","s3Connection":{
      "accessKeyId":"%s","secretAccessKey":"%s","endpoint":"http://%s"}}}}
    """
        .formatted(catalog.url(), URL, bucket.key(), bucket.secret(), bucket.endpoint());
  }

  @Test
  void aLakesTablesAreReadAndFollowed() throws SQLException {
    TestDatabase catalog = TestPostgres.database();
    try (AttachedServer server = AttachedServer.start(folder);
        Connection owner = owner(server, catalog)) {
      execute(owner, "CREATE TABLE mine.main.orders AS SELECT i AS n FROM range(10) t(i)");
      assertThat(server.tried(lake(catalog))).contains("ok");
      JsonNode shown = server.grant(lake(catalog)).expect(200).json();
      assertThat(shown.toString()).doesNotContain(bucket.secret(), catalog.password());
      String name = server.newName();
      server
          .files(name)
          .model(
              "shop.malloy",
              """
              #@ persist
              source: counted is duckdb.table('lake.main.orders') -> { aggregate: c is count() }
              """);
      PackageApi shop = server.register(name);

      assertThat(what(shop.buildOk())).containsExactly("counted BUILT NEW");
      JsonNode plan = shop.plan("");
      assertThat(planned(plan)).containsExactly("counted REUSE UNCHANGED");
      assertThat(plan.at("/targets/0/freshness").asString()).isEqualTo("checked");

      execute(owner, "INSERT INTO mine.main.orders SELECT i FROM range(1000) t(i)");
      assertThat(shop.plan("").toString()).contains("the lake 'lake' has another snapshot");
      assertThat(what(shop.buildOk())).containsExactly("counted BUILT DATA_CHANGED");
      assertThat(shop.rows("shop.malloy", "run: counted -> { select: * }").toString())
          .isEqualTo("[{\"c\":1010}]");
      // What it showed is sent back as it is.
      String back = shown.at("/duckdbConnection/attachedDatabases/0").toString();
      server.grant(back).expect(200);
      assertThat(what(shop.buildOk())).containsExactly("counted REUSED UNCHANGED");

      for (String hostile :
          new String[] {
            "SELECT * FROM __ducklake_metadata_lake.mine.ducklake_data_file",
            "SELECT * FROM __ducklake_metadata_lake.ducklake_data_file",
            "SELECT * FROM ducklake_snapshots('lake')",
            "SELECT * FROM '%s/main/orders/*.parquet'".formatted(URL)
          }) {
        String other = server.newName();
        server
            .files(other)
            .model(
                "shop.malloy",
                "source: hostile is duckdb.sql(\"\"\"%s\"\"\") -> { select: * }\n"
                    .formatted(hostile));
        Answer answer =
            server
                .register(other)
                .query("shop.malloy", "run: hostile -> { aggregate: n is count() }");
        assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
        assertThat(answer.text()).doesNotContain(bucket.secret(), catalog.password());
      }
    }
  }
}
