package dev.ingot.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The servers that tests lean on do what they say. */
class TestServersTest {

  @TempDir Path folder;

  @Test
  void databasesAreApartAndTheirOwnersHaveNoPower() throws Exception {
    TestDatabase one = TestPostgres.database();
    TestDatabase other = TestPostgres.database();
    assertThat(one.url()).isNotEqualTo(other.url());
    try (Connection owner = one.connect();
        Connection admin = one.connectAsSuperuser()) {
      String power = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user";
      assertThat(value(owner, power)).isEqualTo("f");
      assertThat(value(admin, power)).isEqualTo("t");
      execute(owner, "CREATE TABLE t (n int)");
    }
    try (Connection owner = other.connect()) {
      assertThatThrownBy(() -> value(owner, "SELECT count(*) FROM t"))
          .isInstanceOf(SQLException.class);
    }
    var wrong = new TestDatabase(one.server(), one.name(), one.user(), "wrong");
    assertThatThrownBy(wrong::connect).hasMessageContaining("password authentication failed");
  }

  @Test
  void anAcknowledgedCommitOutlivesAnImmediateRestart() throws Exception {
    try (OwnPostgres postgres = TestPostgres.own()) {
      TestDatabase database = postgres.database();
      try (Connection before = database.connect()) {
        execute(before, "CREATE TABLE t AS SELECT 7 AS n");
        postgres.restartImmediately();
        assertThatThrownBy(() -> value(before, "SELECT n FROM t")).isInstanceOf(SQLException.class);
      }
      try (Connection after = database.connect()) {
        assertThat(value(after, "SELECT n FROM t")).isEqualTo("7");
      }
      postgres.stop();
      assertThatThrownBy(database::connect).hasMessageContaining("refused");
    }
  }

  @Test
  void aBucketListsWhatWasPut() {
    S3Client client = TestBucket.shared().client();
    client.put("lists/a.txt", new byte[] {1});
    client.put("lists/deep/b.txt", new byte[] {2, 3});
    assertThat(TestBucket.shared().list("lists/"))
        .containsExactly("lists/a.txt", "lists/deep/b.txt");
    assertThat(client.get("lists/deep/b.txt")).containsExactly(2, 3);
    client.delete("lists/a.txt");
    assertThat(TestBucket.shared().list("lists/")).containsExactly("lists/deep/b.txt");
  }

  @Test
  void aBucketInAFolderOutlivesARestart() {
    try (TestBucket bucket = TestBucket.own(folder)) {
      bucket.client().put("kept/a.txt", new byte[] {1});
      bucket.stop();
      assertThat(Ports.accepts(bucket.port())).isFalse();
      bucket.start();
      assertThat(bucket.list("kept/")).containsExactly("kept/a.txt");
    }
  }

  @Test
  void extensionsInstallFromTheFolderThatTheBuildMade() throws Exception {
    Optional<Path> repository = TestExtensions.repository();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
      execute(duckdb, "SET extension_directory = '%s'".formatted(folder));
      for (String name : new String[] {"ducklake", "postgres_scanner", "httpfs"}) {
        String from = repository.map(path -> " FROM '" + path + "'").orElse("");
        execute(duckdb, "INSTALL " + name + from);
        execute(duckdb, "LOAD " + name);
      }
    } catch (SQLException e) {
      throw new AssertionError(TestExtensions.hint(), e);
    }
  }

  @Test
  void aProxyCutsStallsSlowsAndResumes() throws Exception {
    TestDatabase database = TestPostgres.database();
    try (FaultyProxy proxy = FaultyProxy.to(database.host(), database.port())) {
      var near =
          new TestDatabase(
              new PostgresAddress("127.0.0.1", proxy.port(), "", "", ""),
              database.name(),
              database.user(),
              database.password());
      Connection before = near.connect();
      assertThat(value(before, "SELECT 1")).isEqualTo("1");

      proxy.stall();
      CompletableFuture<String> stalled = ask(before);
      assertThatThrownBy(() -> stalled.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      proxy.resume();
      assertThat(stalled.get(10, TimeUnit.SECONDS)).isEqualTo("1");

      proxy.slow(Duration.ofMillis(50));
      long start = System.nanoTime();
      assertThat(value(before, "SELECT 1")).isEqualTo("1");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(100));

      proxy.cut();
      assertThatThrownBy(() -> value(before, "SELECT 1")).isInstanceOf(SQLException.class);
      assertThatThrownBy(near::connect).hasMessageContaining("refused");
      proxy.resume();
      try (Connection after = near.connect()) {
        assertThat(value(after, "SELECT 1")).isEqualTo("1");
        proxy.disconnect();
        assertThatThrownBy(() -> value(after, "SELECT 1")).isInstanceOf(SQLException.class);
      }
    }
  }

  @Test
  void aProxyAnswersWith500() {
    try (FaultyProxy proxy = FaultyProxy.to("127.0.0.1", TestBucket.shared().port())) {
      through(proxy).put("proxy/a.txt", new byte[] {1});
      proxy.fail();
      // A client that keeps connections may still meet one that was reset.
      assertThatThrownBy(() -> through(proxy).put("proxy/b.txt", new byte[100_000]))
          .hasMessageContaining("500 instead of 200");
      assertThat(proxy.failed()).isPositive();
      proxy.resume();
      assertThat(through(proxy).list("proxy/")).containsExactly("proxy/a.txt");
    }
  }

  private static S3Client through(FaultyProxy proxy) {
    TestBucket bucket = TestBucket.shared();
    return new S3Client("http://" + proxy.endpoint(), bucket.name(), bucket.key(), bucket.secret());
  }

  private static CompletableFuture<String> ask(Connection connection) {
    var answer = new CompletableFuture<String>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            answer.complete(value(connection, "SELECT 1"));
          } catch (SQLException e) {
            answer.completeExceptionally(new ExecutionException(e));
          }
        });
    return answer;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }
}
