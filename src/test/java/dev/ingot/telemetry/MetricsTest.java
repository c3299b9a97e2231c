package dev.ingot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Readme;
import dev.ingot.testing.Scrape;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of a server that works: what was done is what they say, and the README says all. */
class MetricsTest {

  private static final String MODEL =
      """
      ##! experimental.persistence
      source: orders is duckdb.table('data/orders.csv')
      #@ persist name="by_customer"
      source: by_customer is orders -> { group_by: customer; aggregate: total is amount.sum() }
      """;

  private static final String BROKEN =
      MODEL
          + """
          #@ persist name="broken"
          source: broken is duckdb.sql(\"""SELECT error('no') AS nothing\""") -> { group_by: nothing }
          """;

  private static final String QUERY = "run: by_customer -> { group_by: customer, total }";

  @TempDir static Path folder;

  private static Server server;
  private static PackageApi shop;

  @BeforeAll
  static void start() throws IOException {
    server = Server.start(folder, "management.server.port=0");
    PackageFiles.orders(server.packageFolder("shop"), MODEL);
    shop = server.register("shop");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Scrape scrape() {
    return Scrape.of(server.operatorsPort());
  }

  @Test
  void theReadmeListsTheMetricsThatThereAre() throws IOException {
    var there = new TreeMap<String, List<String>>();
    for (Activity one : Activity.values()) {
      there.put(name(one.named().meter()) + "_seconds", one.named().labels());
    }
    for (Count one : Count.values()) {
      there.put(name(one.named().meter()) + "_total", one.named().labels());
    }
    for (Level one : Level.values()) {
      there.put(
          name(one.named().meter()) + (one.unit().isEmpty() ? "" : "_" + one.unit()),
          one.named().labels());
    }
    assertThat(Readme.read().metrics()).isEqualTo(there);
  }

  private static String name(String meter) {
    return meter.replace('.', '_');
  }

  @Test
  void whatIsToldIsWhatTheReadmeLists() throws IOException {
    shop.buildOk();
    shop.rows("orders.malloy", QUERY);
    Map<String, List<String>> listed = Readme.read().metrics();
    var unknown = new TreeSet<String>();
    for (Scrape.Sample sample : scrape().samples()) {
      if (sample.name().startsWith("ingot_")) {
        String metric =
            sample.name().replaceAll("(_active)?_seconds(_bucket|_count|_sum|_max)?$", "_seconds");
        Set<String> labels = new TreeSet<>(sample.labels().keySet());
        labels.removeAll(Set.of("le", "error"));
        if (!listed.containsKey(metric) || !labels.equals(Set.copyOf(listed.get(metric)))) {
          unknown.add(metric + labels);
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void aBuildIsCountedByItsOutcomeAndItsTargetsByWhatWasDoneWithThem() throws IOException {
    PackageFiles.orders(server.packageFolder("counted"), MODEL);
    PackageApi counted = server.register("counted");
    String[] mine = {"project=p", "package=counted"};
    Scrape before = scrape();
    counted.buildOk();
    counted.buildOk();
    PackageFiles.orders(server.packageFolder("counted"), BROKEN);
    assertThat(counted.build().path("status").asString()).isEqualTo("FAILED");
    // It goes on for a moment after that is on record.
    Wait.until("all have ended", () -> scrape().sum("ingot_run_seconds_count", mine) == 3);

    Scrape after = scrape();
    for (String outcome : List.of("published", "unchanged", "failed")) {
      assertThat(after.sum("ingot_run_seconds_count", with(mine, "outcome=" + outcome)))
          .as(outcome)
          .isEqualTo(1);
    }
    assertThat(after.sum("ingot_plan_seconds_count", mine)).isEqualTo(3);
    assertThat(after.sum("ingot_build_seconds_count", with(mine, "outcome=built"))).isEqualTo(1);
    assertThat(after.sum("ingot_build_seconds_count", with(mine, "outcome=failed"))).isEqualTo(1);
    assertThat(after.sum("ingot_build_rows_total", mine)).isEqualTo(3);
    assertThat(grown(before, after, "ingot_targets_total", "action=build", "reason=new"))
        .isEqualTo(2);
    assertThat(grown(before, after, "ingot_targets_total", "action=reuse", "reason=unchanged"))
        .isEqualTo(2);
    assertThat(grown(before, after, "ingot_publication_seconds_count", "outcome=done"))
        .isEqualTo(2);
    assertThat(after.sum("ingot_run_active_seconds_count", mine)).isZero();
  }

  private static String[] with(String[] labels, String another) {
    var all = new String[labels.length + 1];
    System.arraycopy(labels, 0, all, 0, labels.length);
    all[labels.length] = another;
    return all;
  }

  private static double grown(Scrape before, Scrape after, String name, String... labels) {
    return after.sum(name, labels) - before.sum(name, labels);
  }

  @Test
  void queriesAreCountedByWhereTheirAnswerComesFrom() throws IOException {
    PackageFiles.orders(server.packageFolder("asked"), MODEL);
    PackageApi asked = server.register("asked");
    Scrape before = scrape();
    asked.rows("orders.malloy", QUERY);
    asked.buildOk();
    for (int i = 0; i < 3; i++) {
      asked.rows("orders.malloy", QUERY);
    }
    asked.query("orders.malloy", "run: nobody -> { group_by: x }").expect(400);

    Scrape after = scrape();
    String count = "ingot_query_seconds_count";
    assertThat(grown(before, after, count, "answer=live", "code=none")).isEqualTo(1);
    assertThat(grown(before, after, count, "answer=table", "code=none")).isEqualTo(2);
    assertThat(grown(before, after, count, "answer=kept", "code=none")).isEqualTo(1);
    assertThat(grown(before, after, count, "answer=refused", "code=query_invalid")).isEqualTo(1);
    assertThat(grown(before, after, "cache_gets_total", "cache=compiled-queries", "result=hit"))
        .isEqualTo(2);
    assertThat(grown(before, after, "cache_gets_total", "cache=kept-answers", "result=hit"))
        .isEqualTo(1);
    assertThat(grown(before, after, "ingot_statement_seconds_count", "operation=query"))
        .isEqualTo(3);
    assertThat(
            after.samples().stream()
                .flatMap(sample -> sample.labels().values().stream())
                .filter(value -> value.contains("run:") || value.contains("SELECT")))
        .isEmpty();
  }

  @Test
  void theCompilersProcessesAndRequestsAreThere() {
    Scrape now = scrape();
    assertThat(now.sum("ingot_compiler_starts_total")).isPositive();
    assertThat(now.sum("ingot_compiler_processes")).isPositive();
    assertThat(now.sum("ingot_runs_lost_total")).isZero();
    assertThat(now.samples().stream().filter(one -> one.name().equals("ingot_runs_lost_total")))
        .hasSize(1);
    server.client().get("/api/v0/projects").expect(200);
    assertThat(
            scrape()
                .sum("http_server_requests_seconds_count", "uri=/api/v0/projects", "status=200"))
        .isPositive();
    assertThat(now.sum("jvm_memory_used_bytes")).isPositive();
  }
}
