package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whoever reads sees one whole version, whatever is built, fails or goes meanwhile (P1, P2). */
class ReadersTest {

  /** -Dingot.test.publications=50 for more. */
  private static final int PUBLICATIONS = Integer.getInteger("ingot.test.publications", 5);

  private static final int READERS = 8;
  private static final int FAILS_EACH = 5;

  /** Two tables that say which version they are of, and a query that joins them. */
  private static final String MODEL =
      """
      source: one is duckdb.sql(\"""select %d as v, 1 as k\""")
      #@ persist
      source: left_side is one -> { group_by: v, k }
      #@ persist
      source: right_side is one -> { group_by: k, v; aggregate: n is count() }
      source: both is left_side extend { join_one: s is right_side on k = s.k }
      query: pair is both -> { group_by: v, w is s.v }
      """;

  private static final String FAILING =
      """
      #@ persist
      source: bad is left_side -> { aggregate: x is max(concat('no', v::string)::number) }
      """;

  @TempDir Path folder;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicInteger answers = new AtomicInteger();
  private final List<String> wrong = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"duckdb", "warehouse"})
  void noReaderSeesAnErrorOrAMixThroughPublicationsFailuresAndATeardown(String connection)
      throws Exception {
    String model = MODEL.replace("duckdb", connection);
    // Nothing is kept for its age, so that only the readers' own pins keep their tables.
    try (Server server =
            Server.start(
                folder,
                "ingot.retention.min-age=0s",
                "ingot.retention.versions=1",
                "ingot.retention.interval=50ms");
        ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
      PackageFiles files = PackageFiles.create(server.packageFolder("read"));
      files.model("pair.malloy", model.formatted(0));
      server.client().post("/api/v0/projects", "{\"name\":\"p\"}").expect(201);
      if (!connection.equals("duckdb")) {
        server
            .client()
            .post("/api/v0/projects/p/connections", TestPostgres.database().connection(connection))
            .expect(201);
      }
      PackageApi p = server.register("read");
      p.buildOk();
      var reading = new ArrayList<Future<?>>();
      for (int i = 0; i < READERS; i++) {
        reading.add(readers.submit(() -> read(p)));
      }
      try {
        publish(model, files, p);
        server.client().post(p.path() + "/materializations/teardown").expect(200);
        int atTeardown = answers.get();
        Wait.until("all have read since", () -> answers.get() >= atTeardown + READERS);
      } finally {
        ended.set(true);
      }
      for (Future<?> one : reading) {
        one.get();
      }
    }

    System.out.printf(
        "On %s %d publications, %d failed runs, a teardown: %d answers, %d wrong%n",
        connection, PUBLICATIONS, PUBLICATIONS / FAILS_EACH, answers.get(), wrong.size());
    assertThat(wrong).isEmpty();
    assertThat(answers.get()).isGreaterThan(PUBLICATIONS);
  }

  private static void publish(String model, PackageFiles files, PackageApi p) {
    for (int i = 1; i <= PUBLICATIONS; i++) {
      if (i % FAILS_EACH == 0) {
        files.model("pair.malloy", model.formatted(-i) + FAILING);
        assertThat(p.build().path("status").asString()).isEqualTo("FAILED");
        assertThat(value(p.named("pair.malloy", "pair"))).isEqualTo(i - 1);
      }
      files.model("pair.malloy", model.formatted(i));
      p.buildOk();
      assertThat(value(p.named("pair.malloy", "pair"))).isEqualTo(i);
    }
  }

  private static int value(Answer answer) {
    return answer.expect(200).rows().get(0).path("v").asInt();
  }

  private void read(PackageApi p) {
    int last = 0;
    while (!ended.get()) {
      Answer answer = p.named("pair.malloy", "pair");
      if (answer.status() != 200) {
        wrong.add(answer.toString());
        continue;
      }
      JsonNode row = answer.rows().get(0);
      int value = row.path("v").asInt();
      if (answer.rows().size() != 1 || value != row.path("w").asInt() || value < last) {
        wrong.add("after %d: %s".formatted(last, answer.text()));
      }
      last = value;
      answers.incrementAndGet();
    }
  }
}
