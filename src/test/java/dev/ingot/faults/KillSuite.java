package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole server is killed while a run is under way, at steps of the run and at any time. */
abstract class KillSuite {

  /** -Dingot.test.kills=50 for more. */
  private static final int KILLS = Integer.getInteger("ingot.test.kills", 2);

  private static final long SEED = Long.getLong("ingot.test.seed", System.nanoTime());
  private static final String FORCED = "{\"forceRefresh\":true}";
  private static final Step CLAIM = new Step("MaterializationStore.claim", 1, false);
  private static final Step PUBLISHED = new Step("MaterializationStore.publish", 1, true);

  @TempDir Path folder;

  /** Data that can be changed. */
  abstract FaultDag create(Path packageFolder);

  /** What the project needs before its package. */
  abstract void prepare(Client client);

  /** What lies in the database and isn't on record, or the other way round. */
  abstract List<String> differences(FaultServerProcess of);

  private final Random random = new Random(SEED);
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private FaultDag dag;
  private FaultServerProcess server;
  private PackageApi api;
  private List<Step> steps = List.of();
  private long runMillis;
  private int served = 1;

  @BeforeEach
  void start() throws IOException {
    System.out.println("-Dingot.test.seed=" + SEED);
    dag = create(folder.resolve("packages/dag"));
    server = new FaultServerProcess(folder);
    server.client().post("/api/v0/projects", "{\"name\":\"p\"}").expect(201);
    prepare(server.client());
    String location = folder.resolve("packages/dag").toString();
    String registration = "{\"name\":\"dag\",\"location\":\"%s\"}".formatted(location);
    server.client().post("/api/v0/projects/p/packages", registration).expect(201);
    connect();
    build();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void afterAKillAtAnyMomentAnswersAreWholeNothingIsOrphanedAndTheNextRunSucceeds()
      throws Exception {
    server.command("reset");
    long start = System.nanoTime();
    build();
    runMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    steps = server.command("steps").stream().map(Step::parse).toList();

    for (int kill = 1; kill <= KILLS; kill++) {
      dag.data(kill + 1);
      // Most at steps, which are where something is half done; the rest in between.
      if (kill % 3 == 0) {
        atAnyTime(kill + 1);
      } else {
        atAStep(kill + 1);
      }
      build();
      served = kill + 1;
      assertServed("the run after kill " + kill);
    }

    System.out.printf("%d kills at %d steps and any time: %s%n", KILLS, steps.size(), outcomes);
  }

  private void atAStep(int data) throws Exception {
    Step step = steps.get(random.nextInt(steps.size()));
    server.command("reset");
    server.command("halt", step.toString());
    String id = begin();
    boolean halted = server.endsBeforeItIsIdle();
    JsonNode run = restarted(id);
    if (halted) {
      assertThat(run.path("status").asString()).as("killed at %s", step).isEqualTo(expected(step));
    }
    check(run, data, halted ? "killed at " + step : "not come to " + step);
  }

  private void atAnyTime(int data) throws Exception {
    long millis = random.nextLong(runMillis + 1);
    String id = begin();
    server.awaitEnd(millis, TimeUnit.MILLISECONDS);
    check(restarted(id), data, "killed after %d ms".formatted(millis));
  }

  private String expected(Step step) {
    if (step.equals(CLAIM)) {
      return "PENDING";
    }
    return steps.indexOf(step) < steps.indexOf(PUBLISHED) ? "FAILED" : "SUCCESS";
  }

  /** Starts a run; the answer may be lost with the server. */
  private String begin() {
    String id = api.create(FORCED);
    try {
      server.client().post(path(id) + "/start").expect(202);
    } catch (UncheckedIOException e) {
      // It was killed before it answered.
      return id;
    }
    return id;
  }

  /** Kills what still lives and starts again; returns what became of the run. */
  private JsonNode restarted(String id) throws Exception {
    List<ProcessHandle> compilers = server.children();
    server.kill();
    Wait.until(
        "no compiler outlives its server",
        () -> compilers.stream().noneMatch(ProcessHandle::isAlive));
    server = new FaultServerProcess(folder);
    connect();
    return server.client().get(path(id)).expect(200).json();
  }

  private void check(JsonNode run, int data, String how) {
    String status = run.path("status").asString();
    outcomes.merge(status, 1, Integer::sum);
    System.out.printf("%s: %s%n", how, status);
    assertThat(status).as(how).isIn("PENDING", "FAILED", "SUCCESS");
    if (status.equals("FAILED")) {
      assertThat(run.path("error").asString()).as(how).isEqualTo("worker_lost");
    }
    if (status.equals("SUCCESS")) {
      served = data;
    }
    assertServed(how);
    Wait.until(how + ": records and tables agree", () -> differences(server).isEmpty());
  }

  /**
   * The data has changed since, so an answer that isn't from the tables of one version is wrong.
   */
  private void assertServed(String how) {
    assertThat(api.rows(FaultDag.MODEL, FaultDag.QUERY).toString())
        .as("served after: %s", how)
        .isEqualTo(FaultDag.answer(served));
  }

  private void build() {
    JsonNode run = api.build(FORCED);
    assertThat(run.path("status").asString()).as(run.toString()).isEqualTo("SUCCESS");
  }

  private void connect() {
    api = new PackageApi(server.client(), "/api/v0/projects/p/packages/dag");
  }

  private String path(String id) {
    return api.path() + "/materializations/" + id;
  }
}
