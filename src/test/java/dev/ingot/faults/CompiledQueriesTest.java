package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A query that was compiled isn't compiled again while nothing has changed that it depends on. What
 * is answered after any edits is {@link RandomDagTest}'s.
 */
class CompiledQueriesTest {

  private static final String MODEL =
      """
      #@ persist name="%s"
      source: totals is duckdb.table('data/orders.csv') -> {
        group_by: customer
        aggregate: total is amount.%s()
      }
      query: all_totals is totals -> { select: *; order_by: customer }
      """;
  private static final String TEXT = "run: totals -> { select: *; order_by: customer }";
  private static final AtomicInteger COMPILED = new AtomicInteger();

  @TempDir static Path folder;
  private static Server server;

  @BeforeAll
  static void start() {
    var failpoints = new Failpoints();
    failpoints.watch((method, arguments, result, called) -> {
      if (method.equals("MalloyCompiler.prepare")) {
        COMPILED.incrementAndGet();
      }
    });
    server = Server.start(folder, failpoints, "ingot.query.cache-size=0");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static PackageApi orders(String name) {
    PackageFiles.orders(server.packageFolder(name), MODEL.formatted("sums", "sum"));
    PackageApi p = server.register(name);
    p.buildOk();
    return p;
  }

  /** How often the compiler is asked for a query's answer, which must be a good one. */
  private static int compiled(PackageApi p, String text, int firstTotal) {
    int before = COMPILED.get();
    Answer answer = p.query("orders.malloy", text).expect(200);
    assertThat(answer.rows().path(0).path("total").asInt()).isEqualTo(firstTotal);
    return COMPILED.get() - before;
  }

  private static String materialized(PackageApi p, String field) {
    return p.query("orders.malloy", TEXT).json().at("/materialized/0/" + field).asString();
  }

  @Test
  void aTextIsCompiledOnceAndAnotherByItself() {
    PackageApi p = orders("once");

    assertThat(compiled(p, TEXT, 30)).isEqualTo(1);
    assertThat(compiled(p, TEXT, 30)).isZero();
    assertThat(compiled(p, TEXT + " -- other", 30)).isEqualTo(1);
    int before = COMPILED.get();
    p.named("orders.malloy", "all_totals").expect(200);
    p.named("orders.malloy", "all_totals").expect(200);
    assertThat(COMPILED.get() - before).isEqualTo(1);
  }

  @Test
  void theSameTextInAnotherPackageIsAnother() {
    PackageApi one = orders("one");
    assertThat(compiled(one, TEXT, 30)).isEqualTo(1);
    PackageFiles.orders(server.packageFolder("other"), MODEL.formatted("sums", "max"));

    PackageApi other = server.register("other");

    assertThat(compiled(other, TEXT, 20)).isEqualTo(1);
    assertThat(compiled(one, TEXT, 30)).isZero();
  }

  @Test
  void aPublicationIsReadByTheNextQuery() {
    PackageApi p = orders("published");
    String table = materialized(p, "physicalTable");
    p.build("{\"forceRefresh\":true}");

    assertThat(compiled(p, TEXT, 30)).isEqualTo(1);
    assertThat(materialized(p, "physicalTable")).isNotEmpty().isNotEqualTo(table);
    p.buildOk();
    assertThat(compiled(p, TEXT, 30)).as("a run that changed nothing").isZero();
  }

  @Test
  void anEditOfTheModelOrItsDataIsSeenAfterAReload() {
    PackageApi p = orders("edited");
    assertThat(compiled(p, TEXT, 30)).isEqualTo(1);
    PackageFiles files =
        PackageFiles.orders(server.packageFolder("edited"), MODEL.formatted("sums", "max"));
    assertThat(compiled(p, TEXT, 30)).as("not reloaded yet").isZero();
    server.client().post(p.path() + "/manifest/reload").expect(200);
    assertThat(compiled(p, TEXT, 20)).isEqualTo(1);

    files.file("data/orders.csv", "customer,amount\nann,5\n");
    server.client().post(p.path() + "/manifest/reload").expect(200);

    assertThat(compiled(p, TEXT, 5)).isEqualTo(1);
  }

  @Test
  void aTableUnderANewNameIsReadAsBeforeAndReportedUnderIt() {
    PackageApi p = orders("renamed");
    assertThat(materialized(p, "tableName")).endsWith("sums");
    PackageFiles.orders(server.packageFolder("renamed"), MODEL.formatted("mart.added", "sum"));
    server.client().post(p.path() + "/manifest/reload").expect(200);
    p.buildOk();

    assertThat(materialized(p, "tableName")).isEqualTo("mart.added");
    assertThat(compiled(p, TEXT, 30)).isZero();
  }

  @Test
  void aTableThatIsGoneIsNoMoreReadAndComesBackWithTheNextRun() {
    PackageApi p = orders("gone");
    PackageDatabase database = PackageDatabase.of(server, "gone");
    database.awaitRows("FROM sums");
    assertThat(compiled(p, TEXT, 30)).isEqualTo(1);
    database.drop(materialized(p, "physicalTable"));

    Answer live = p.query("orders.malloy", TEXT).expect(200);
    assertThat(live.json().at("/live/0/reason").asString()).isEqualTo("TABLE_MISSING");
    assertThat(compiled(p, TEXT, 30)).isZero();
    p.buildOk();
    assertThat(compiled(p, TEXT, 30)).isEqualTo(1);
    assertThat(p.query("orders.malloy", TEXT).json().path("live")).isEmpty();
  }
}
