package dev.ingot;

import static dev.ingot.testing.RunReport.planned;
import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.Engine;
import dev.ingot.engine.Engines;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import tools.jackson.databind.JsonNode;

/** New data under an unchanged model. */
class FreshnessTest {

  private static final String MODEL =
      """
      source: sales is duckdb.table('data/sales.csv')
      #@ persist
      source: by_item is sales -> { group_by: item; aggregate: total is n.sum() }
      #@ persist
      source: best is by_item -> { select: item; where: total > 1 }
      #@ persist
      source: daily is duckdb.table('days/*.csv') -> { aggregate: n is count() }
      #@ persist
      source: items is duckdb.sql(\"""SELECT * FROM read_csv('items.csv')\""") -> { select: item }
      """;

  @TempDir static Path folder;
  private static Server server;

  /** Done after each table that is built; how often is left. */
  private static volatile Runnable afterBuild = () -> {};

  private static final AtomicInteger changes = new AtomicInteger();

  private PackageFiles files;
  private PackageApi shop;

  /** Between the server and its databases. */
  private static final class Between implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      return bean instanceof Engines
          ? proxy(
              Engines.class,
              bean,
              found -> found instanceof Engine ? proxy(Engine.class, found, it -> it) : found)
          : bean;
    }

    private static Object proxy(
        Class<?> type, Object behind, java.util.function.UnaryOperator<Object> answer) {
      InvocationHandler handler =
          (proxy, method, arguments) -> {
            try {
              Object result = method.invoke(behind, arguments);
              if (method.getName().equals("build")) {
                afterBuild.run();
              }
              return answer.apply(result);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          };
      return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }
  }

  @BeforeAll
  static void start() {
    server = Server.start(folder.resolve("server"), new Between());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void build(TestInfo test) {
    afterBuild = () -> {};
    String name = test.getTestMethod().orElseThrow().getName();
    files =
        PackageFiles.create(server.packageFolder(name))
            .file("data/sales.csv", "item,n\npen,1\nink,2\n")
            .file("days/1.csv", "day\n1\n")
            .file("items.csv", "item\npen\n")
            .model("shop.malloy", MODEL);
    shop = server.register(name);
    shop.buildOk();
    assertThat(what(shop.buildOk())).allMatch(line -> line.endsWith("REUSED UNCHANGED"));
  }

  @Test
  void whatReadsAChangedFileIsBuiltAnewWithItsDependants() {
    files.file("data/sales.csv", "item,n\npen,1\nink,2\npad,3\n");

    JsonNode plan = shop.plan("");
    assertThat(planned(plan))
        .containsExactlyInAnyOrder(
            "by_item BUILD DATA_CHANGED",
            "daily REUSE UNCHANGED",
            "items REUSE UNCHANGED",
            "best BUILD UPSTREAM");
    JsonNode target = PackageApi.target(plan, "by_item");
    assertThat(target.path("changedData").toString())
        .isEqualTo("[\"data/sales.csv has 25 bytes instead of 19\"]");
    assertThat(target.path("freshness").asString()).isEqualTo("checked");
    JsonNode run = shop.buildOk();
    assertThat(PackageApi.target(run, "by_item").path("changedData").toString())
        .contains("data/sales.csv");
    assertThat(what(run)).contains("by_item BUILT DATA_CHANGED", "daily REUSED UNCHANGED");
    assertThat(shop.rows("shop.malloy", "run: by_item -> { aggregate: n is count() }").toString())
        .isEqualTo("[{\"n\":3}]");
    assertThat(what(shop.buildOk())).allMatch(line -> line.endsWith("REUSED UNCHANGED"));
  }

  @Test
  void aFileWithAnotherTimeAndTheSameContentIsTheSame() throws IOException {
    Path file = files.folder().resolve("data/sales.csv");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));

    assertThat(planned(shop.plan(""))).allMatch(line -> line.endsWith("REUSE UNCHANGED"));

    Files.writeString(file, "item,n\npen,1\nink,9\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2021-01-01T00:00:00Z")));
    JsonNode plan = shop.plan("");
    assertThat(planned(plan)).contains("by_item BUILD DATA_CHANGED");
    assertThat(PackageApi.target(plan, "by_item").path("changedData").toString())
        .isEqualTo("[\"data/sales.csv has other content\"]");
  }

  @Test
  void aGlobStandsForTheFilesThatThereAre() throws IOException {
    files.file("days/2.csv", "day\n2\n");
    JsonNode run = shop.buildOk();
    assertThat(what(run)).contains("daily BUILT DATA_CHANGED", "by_item REUSED UNCHANGED");
    assertThat(PackageApi.target(run, "daily").path("changedData").toString())
        .isEqualTo("[\"days/2.csv is new\"]");

    Files.delete(files.folder().resolve("days/1.csv"));
    assertThat(what(shop.buildOk())).contains("daily BUILT DATA_CHANGED");
    assertThat(shop.rows("shop.malloy", "run: daily -> { select: * }").toString())
        .isEqualTo("[{\"n\":1}]");
  }

  @Test
  void aFileThatSqlReadsByACallCountsToo() {
    files.file("items.csv", "item\npen\nink\n");

    assertThat(what(shop.buildOk())).contains("items BUILT DATA_CHANGED", "daily REUSED UNCHANGED");
  }

  @Test
  void freshnessIgnoredBuildsNothing() {
    files.file("data/sales.csv", "item,n\npen,7\n");

    assertThat(planned(shop.plan("?freshness=ignore")))
        .allMatch(line -> line.endsWith("REUSE UNCHANGED"));
    JsonNode run = shop.build("{\"freshness\":\"ignore\"}");
    assertThat(run.path("freshness").asString()).isEqualTo("ignore");
    assertThat(what(run)).allMatch(line -> line.endsWith("REUSED UNCHANGED"));
    assertThat(what(shop.buildOk())).contains("by_item BUILT DATA_CHANGED");
  }

  @Test
  void anotherWordIsRefused() {
    String message = "'freshness' must be check or ignore, not 'maybe'";
    Refusal.check(
        server.client().post(shop.path() + "/materializations", "{\"freshness\":\"maybe\"}"),
        400,
        "bad_request",
        message);
    Refusal.check(
        server.client().get(shop.path() + "/plan?freshness=maybe"), 400, "bad_request", message);
  }

  private void changeWhileItIsBuilt(int times) {
    changes.set(times);
    afterBuild =
        () -> {
          int left = changes.getAndDecrement();
          if (left > 0) {
            files.file("data/sales.csv", "item,n\npen," + "1".repeat(left) + "\n");
          }
        };
  }

  @Test
  void dataThatChangesWhileItIsReadIsReadAgain() {
    changeWhileItIsBuilt(2);

    JsonNode run = shop.build("{\"forceRefresh\":true,\"sources\":[\"by_item\"]}");

    assertThat(run.path("status").asString()).isEqualTo("SUCCESS");
    assertThat(shop.rows("shop.malloy", "run: by_item -> { select: total }").toString())
        .isEqualTo("[{\"total\":1}]");
    assertThat(what(shop.buildOk())).allMatch(line -> line.endsWith("REUSED UNCHANGED"));
  }

  @Test
  void dataThatChangesEachTimeItIsReadFailsTheBuild() {
    changeWhileItIsBuilt(100);

    JsonNode run = shop.build("{\"forceRefresh\":true,\"sources\":[\"by_item\"]}");

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(PackageApi.target(run, "by_item").path("error").asString())
        .contains("its data changes each time it is read: data/sales.csv has");
    assertThat(shop.rows("shop.malloy", "run: by_item -> { aggregate: n is count() }").toString())
        .isEqualTo("[{\"n\":2}]");
  }

  @Test
  void aFileThatIsGoneIsSaidAndTheTablesStay() throws IOException {
    Files.delete(files.folder().resolve("items.csv"));

    assertThat(shop.build().path("status").asString()).isEqualTo("FAILED");

    assertThat(shop.manifest().path("entries")).hasSize(4);
  }
}
