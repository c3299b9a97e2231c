package dev.ingot.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.testing.JarServer;
import dev.ingot.testing.PackageApi;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * The same query from a table again and again, its answer kept and not, beside an empty answer of
 * the same server and the same SQL over bare JDBC; the load comes from the same processors.
 */
class QueryBench {

  private static final int CLIENTS = 8;
  private static final int ASKED = 500;
  private static final int WARM_UP = 6;
  private static final Duration SPELL = Duration.ofSeconds(2);
  private static final String TEXT =
      "run: s1_0 -> { group_by: category; aggregate: t is cnt.sum(); order_by: category }";

  @TempDir Path folder;

  private final Figures figures = new Figures();

  /** What is measured. */
  private interface Asked {
    void once() throws IOException, SQLException;
  }

  @Test
  void aQueryTakesAboutWhatItsDatabaseTakes()
      throws IOException, SQLException, ExecutionException, InterruptedException {
    Path other = Files.createDirectory(folder.toRealPath().resolve("other"));
    // Where both servers may read.
    var made = GeneratedPackage.create(other.resolve("queried"), 3, 2, 10_000);
    try (JarServer server =
            JarServer.start(folder, "ingot.sample=false", "ingot.query.cache-size=0");
        JarServer keeps = JarServer.start(other, "ingot.sample=false");
        BareDuckDb bare =
            BareDuckDb.open(folder.resolve("bare.duckdb"), made.folder(), Settings.PROCESSORS)) {
      PackageApi api = made.register(server.client());
      bare.build(Run.of(api, "{}", Settings.PAUSE).built(), 1);
      String sql =
          api.query(GeneratedPackage.MODEL, TEXT).expect(200).json().path("sql").asString();
      byte[] query =
          KeptConnection.post(
              api.path() + "/models/" + GeneratedPackage.MODEL + "/query",
              JsonMapper.shared().writeValueAsString(Map.of("query", TEXT, "compactJson", true)));
      byte[] empty = KeptConnection.get("/health/liveness");
      PackageApi kept = made.register(keeps.client());
      Run.of(kept, "{}", Settings.PAUSE);
      String target =
          "%s/models/%s/query?compactJson=true&query=%s"
              .formatted(kept.path(), GeneratedPackage.MODEL, URLEncoder.encode(TEXT, UTF_8));
      byte[] full = KeptConnection.get(target);
      byte[] unchanged =
          KeptConnection.get(target, keeps.client().get(target).expect(200).header("ETag"));
      for (int round = -WARM_UP; round < Settings.ROUNDS; round++) {
        Figures into = round < 0 ? new Figures() : figures;
        try (var connection = new KeptConnection(server.url())) {
          single(into, "empty answer", () -> connection.ask(empty));
          single(into, "bare JDBC", () -> bare.query(sql));
          single(into, "query", () -> connection.ask(query));
        }
        into.add("8 clients: empty answers a second", rate(server.url(), empty));
        into.add("8 clients: queries a second", rate(server.url(), query));
        into.add("8 clients: kept answers a second", rate(keeps.url(), full));
        into.add("8 clients: 304 a second", rate(keeps.url(), unchanged));
      }
    }
    double base = figures.median("empty answer, p50") + figures.median("bare JDBC, p50");
    figures.say(
        "one client: %.2f ms beside empty answer and bare JDBC (goal 0.7), p95 %.1f times p50 (goal 3)"
            .formatted(
                figures.median("query, p50") - base,
                figures.median("query, p95") / figures.median("query, p50")));
    beside("queries", "0.15");
    beside("kept answers", "0.25");
    beside("304", "0.5");
    figures.print("Queries, ms");
  }

  private void beside(String what, String goal) {
    figures.say(
        String.format(
            Locale.ROOT,
            "%d clients, %s: %.2f of the rate of empty answers (goal %s)",
            CLIENTS,
            what,
            figures.median("8 clients: %s a second".formatted(what))
                / figures.median("8 clients: empty answers a second"),
            goal));
  }

  private static void single(Figures into, String what, Asked asked)
      throws IOException, SQLException {
    var each = new Figures();
    for (int i = 0; i < ASKED; i++) {
      long before = System.nanoTime();
      asked.once();
      each.add(what, Duration.ofNanos(System.nanoTime() - before));
    }
    into.add(what + ", p50", each.median(what));
    into.add(what + ", p95", each.quantile(what, 0.95));
  }

  /** Answers a second to all clients together. */
  private static double rate(String url, byte[] request)
      throws ExecutionException, InterruptedException {
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      var counts = new ArrayList<Future<Integer>>();
      long end = System.nanoTime() + SPELL.toNanos();
      for (int i = 0; i < CLIENTS; i++) {
        counts.add(
            clients.submit(() -> {
              int count = 0;
              try (var connection = new KeptConnection(url)) {
                while (System.nanoTime() < end) {
                  connection.ask(request);
                  count++;
                }
              }
              return count;
            }));
      }
      int sum = 0;
      for (Future<Integer> count : counts) {
        sum += count.get();
      }
      return (double) sum / SPELL.toSeconds();
    }
  }
}
