package dev.ingot;

import static dev.ingot.testing.RunReport.planned;
import static dev.ingot.testing.RunReport.what;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.TestBucket;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Buckets and sites that answer badly, or other than before. */
class AttachedFaultsTest {

  @TempDir static Path folder;
  private static AttachedServer server;
  private static final TestBucket bucket = TestBucket.shared();

  @BeforeAll
  static void start() {
    server = AttachedServer.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static PackageApi register(String url) {
    String name = server.newName();
    server
        .files(name)
        .file("own.csv", "a\n1\n")
        .model(
            "shop.malloy",
            """
            #@ persist
            source: far is duckdb.table('%s') -> { aggregate: n is count() }
            #@ persist
            source: own is duckdb.table('own.csv') -> { aggregate: n is count() }
            """
                .formatted(url));
    return server.register(name);
  }

  private static String rows(PackageApi shop) {
    return shop.rows("shop.malloy", "run: far -> { select: * }").toString();
  }

  private static void put(String key, String text) {
    bucket.client().put(key, text.getBytes(UTF_8));
  }

  @Test
  void aBucketThatFailsIsToldAndNothingElseFails() {
    put("faults/failing/1.csv", "a\n1\n");
    try (var way = FaultyProxy.to("127.0.0.1", bucket.port())) {
      String granted = AttachedServer.s3("lake", "s3://lake/faults/", bucket, way.endpoint());
      server.grant(granted).expect(200);
      PackageApi shop = register("s3://lake/faults/failing/*.csv");
      shop.buildOk();

      way.fail();
      assertThat(server.tried(granted)).contains("failed", "500");
      assertThat(shop.plan("").toString()).contains("it can't be told whether it changed", "500");
      JsonNode run = shop.build("{\"forceRefresh\":true}");
      assertThat(what(run)).contains("far FAILED FORCED", "own BUILT FORCED");
      assertThat(run.toString()).contains("500").doesNotContain(bucket.secret());
      assertThat(rows(shop)).isEqualTo("[{\"n\":1}]");

      way.cut();
      assertThat(server.tried(granted)).contains("failed", "refused");
      way.resume();
      assertThat(server.tried(granted)).contains("ok");
      assertThat(planned(shop.plan(""))).contains("far REUSE UNCHANGED");
    }
  }

  @Test
  void ofTwoPrefixesTheLongerOneIsAskedAndRead() {
    put("faults/over/in/1.csv", "a\n1\n");
    try (var way = FaultyProxy.to("127.0.0.1", bucket.port())) {
      server
          .grant(
              AttachedServer.s3("outer", "s3://lake/faults/over/", bucket, way.endpoint()),
              AttachedServer.s3("inner", "s3://lake/faults/over/in/", bucket))
          .expect(200);
      way.cut();
      PackageApi shop = register("s3://lake/faults/over/in/*.csv");

      shop.buildOk();

      assertThat(planned(shop.plan(""))).contains("far REUSE UNCHANGED");
    }
  }

  @Test
  void aBucketThatRefusesIsTold() {
    put("faults/refusing.csv", "a\n1\n");
    String wrong =
        AttachedServer.s3("lake", "s3://lake/faults/", bucket)
            .replace(bucket.secret(), "wr0ng-canary");
    server.grant(wrong).expect(200);

    assertThat(server.tried(wrong)).contains("failed", "403").doesNotContain("wr0ng-canary");
    PackageApi shop = register("s3://lake/faults/refusing.csv");
    assertThat(shop.query("shop.malloy", "run: far -> { select: * }").text())
        .contains("403")
        .doesNotContain("wr0ng-canary");
  }

  @Test
  void whatWasTakenBackIsReadNoMoreOnceNothingRunsOnItAnyMore()
      throws IOException, InterruptedException {
    put("faults/long/1.csv", "a\n1\n");
    server.grant(AttachedServer.s3("lake", "s3://lake/faults/", bucket)).expect(200);
    String name = server.newName();
    server
        .files(name)
        .model(
            "shop.malloy",
            """
            source: far is duckdb.table('s3://lake/faults/long/1.csv')
            source: slow is duckdb.sql(\"""%s\""")
            """
                .formatted(SlowSql.SELECT));
    PackageApi shop = server.register(name);
    String count = "run: far -> { aggregate: n is count() }";
    assertThat(shop.rows("shop.malloy", count).toString()).isEqualTo("[{\"n\":1}]");
    HttpRequest endless =
        shop.streaming("shop.malloy", "run: slow -> { select: h }", "application/x-ndjson").build();
    try (HttpClient client = HttpClient.newHttpClient();
        InputStream rows = client.send(endless, BodyHandlers.ofInputStream()).body()) {
      assertThat(rows.read()).isNotNegative();
      // It waits for the query as long as it waits for others.
      server.grant().expect(200);
      rows.close();
      client.shutdownNow();
    }

    Wait.until(
        "the database is opened without it",
        () -> shop.query("shop.malloy", count).text().contains("nothing is granted"));
  }

  @Test
  void anObjectThatIsGoneAMomentLaterFailsItsTableAlone() {
    put("faults/gone/1.csv", "a\n1\n");
    put("faults/gone/2.csv", "a\n1\n");
    server.grant(AttachedServer.s3("lake", "s3://lake/faults/", bucket)).expect(200);
    PackageApi shop = register("s3://lake/faults/gone/*.csv");
    shop.buildOk();

    bucket.client().delete("faults/gone/2.csv");
    assertThat(shop.plan("").toString()).contains("s3://lake/faults/gone/2.csv is gone");
    assertThat(what(shop.buildOk()))
        .containsExactlyInAnyOrder("far BUILT DATA_CHANGED", "own REUSED UNCHANGED");
    bucket.client().delete("faults/gone/1.csv");
    assertThat(shop.plan("").toString()).contains("s3://lake/faults/gone/1.csv is gone");
    JsonNode run = shop.build();
    assertThat(what(run)).contains("far FAILED DATA_CHANGED", "own REUSED UNCHANGED");
    assertThat(rows(shop)).isEqualTo("[{\"n\":1}]");
  }

  /**
   * @param files by path: the content, or where it sends on to
   */
  private static HttpServer site(Map<String, String> files, AtomicInteger asked)
      throws IOException {
    var site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    site.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    site.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          answer(exchange, files.get(exchange.getRequestURI().getPath()));
        });
    site.start();
    return site;
  }

  private static void answer(HttpExchange exchange, @Nullable String file) throws IOException {
    try (exchange) {
      if (file == null) {
        exchange.sendResponseHeaders(404, -1);
      } else if (file.startsWith("http")) {
        exchange.getResponseHeaders().add("Location", file);
        exchange.sendResponseHeaders(302, -1);
      } else {
        byte[] content = file.getBytes(UTF_8);
        if (!exchange.getRequestURI().getPath().contains("silent")) {
          exchange.getResponseHeaders().add("ETag", "\"" + file.hashCode() + "\"");
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
          exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
          exchange.sendResponseHeaders(200, -1);
        } else {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
        }
      }
    }
  }

  @Test
  void aSitesFilesAreFollowedAndWhereItSendsOnToIsNot() throws IOException {
    var files = new ConcurrentHashMap<String, String>();
    files.put("/data/o.csv", "a\n1\n");
    files.put("/secret.csv", "canary\n1\n");
    var asked = new AtomicInteger();
    HttpServer neighbour = site(Map.of("/secret.csv", "canary\n1\n"), asked);
    HttpServer site = site(files, new AtomicInteger());
    try {
      String root = "http://127.0.0.1:" + site.getAddress().getPort();
      server.grant(AttachedServer.https("site", root + "/data/")).expect(200);
      PackageApi shop = register(root + "/data/o.csv");
      shop.buildOk();
      assertThat(planned(shop.plan(""))).contains("far REUSE UNCHANGED");

      files.put("/data/o.csv", "b\n2\n");
      assertThat(shop.plan("").toString()).contains(root + "/data/o.csv has other content");
      assertThat(what(shop.buildOk())).contains("far BUILT DATA_CHANGED", "own REUSED UNCHANGED");

      files.put("/data/silent.csv", "a\n1\n");
      PackageApi silent = register(root + "/data/silent.csv");
      silent.buildOk();
      assertThat(
              silent
                  .plan("")
                  .path("targets")
                  .valueStream()
                  .map(one -> one.path("freshness").asString()))
          .containsExactlyInAnyOrder("unknown", "checked");

      files.put("/data/o.csv", root + "/secret.csv");
      assertThat(what(shop.build())).contains("far FAILED DATA_CHANGED");
      for (String other :
          new String[] {"/secret.csv", "/data/../secret.csv", "/data/%2e%2e/secret.csv"}) {
        assertThat(
                register(root + other).query("shop.malloy", "run: far -> { select: * }").status())
            .isBetween(400, 499);
      }
      // What it sends DuckDB on to isn't granted, wherever that lies.
      files.put(
          "/data/away.csv", "http://127.0.0.1:" + neighbour.getAddress().getPort() + "/secret.csv");
      assertThat(
              register(root + "/data/away.csv")
                  .query("shop.malloy", "run: far -> { select: * }")
                  .status())
          .isBetween(400, 499);
      assertThat(asked).hasValue(0);
    } finally {
      site.stop(0);
      neighbour.stop(0);
    }
  }
}
