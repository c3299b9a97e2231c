package dev.ingot.bench;

import dev.ingot.testing.JarServer;
import dev.ingot.testing.PackageApi;
import java.io.IOException;
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
 * The same query from a table again and again, beside an empty answer of the same server and the
 * same SQL over bare JDBC; the load comes from the same processors.
 */
class QueryBench {

  private static final int CLIENTS = 8;
  private static final int ASKED = 500;
  private static final int WARM_UP = 6;
  private static final Duration SPELL = Duration.ofSeconds(2);
  private static final String TEXT =
      "run: s1_0 -> { group_by: category; aggregate: t is total.sum(); order_by: category }";

  @TempDir Path folder;

  private final Figures figures = new Figures();

  /** What is measured. */
  private interface Asked {
    void once() throws IOException, SQLException;
  }

  @Test
  void aQueryTakesAboutWhatItsDatabaseTakes()
      throws IOException, SQLException, ExecutionException, InterruptedException {
    var made = GeneratedPackage.create(folder.toRealPath().resolve("queried"), 3, 2, 10_000);
    try (JarServer server = JarServer.start(folder, "ingot.sample=false");
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
      for (int round = -WARM_UP; round < Settings.ROUNDS; round++) {
        Figures into = round < 0 ? new Figures() : figures;
        try (var connection = new KeptConnection(server.url())) {
          single(into, "empty answer", () -> connection.ask(empty));
          single(into, "bare JDBC", () -> bare.query(sql));
          single(into, "query", () -> connection.ask(query));
        }
        into.add("8 clients: empty answers a second", rate(server.url(), empty));
        into.add("8 clients: queries a second", rate(server.url(), query));
      }
    }
    double base = figures.median("empty answer, p50") + figures.median("bare JDBC, p50");
    figures.say(
        "one client: %.2f ms beside empty answer and bare JDBC (goal 0.7), p95 %.1f times p50 (goal 3)"
            .formatted(
                figures.median("query, p50") - base,
                figures.median("query, p95") / figures.median("query, p50")));
    figures.say(
        String.format(
            Locale.ROOT,
            "%d clients: %.2f of the rate of empty answers (goal 0.15)",
            CLIENTS,
            figures.median("8 clients: queries a second")
                / figures.median("8 clients: empty answers a second")));
    figures.print("Queries, ms");
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
