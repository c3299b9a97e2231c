package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A run is stopped at each of its steps (some of them, chosen anew each time, unless told
 * otherwise).
 */
class StopAtEachStepTest {

  /** How many steps; -Dingot.test.stops=1000 for all of them. */
  private static final int STOPS = Integer.getInteger("ingot.test.stops", 8);

  private static final long SEED = Long.getLong("ingot.test.seed", System.nanoTime());
  private static final String FORCED = "{\"forceRefresh\":true}";

  private static final String PUBLISH = "MaterializationStore.publish";

  /** While a version is committed and swapped in, all who look at the run's state wait. */
  private static final Set<String> IN_PUBLICATION = Set.of(PUBLISH, "MalloyCompiler.release");

  private static final String BUILD = "Engine.build";

  private static final Step ONLY_THE_SLOW_LEFT = new Step(BUILD, 4, true);

  @TempDir static Path folder;
  private static final Failpoints failpoints = new Failpoints();
  private static Server server;
  private static FaultDag dag;
  private static PackageApi api;

  private final List<Long> answered = new ArrayList<>();
  private final List<Step> passedBy = new ArrayList<>();
  private final List<Long> gone = new ArrayList<>();
  private int data = 1;
  private int served = 1;

  @BeforeAll
  static void start() {
    // Enough slots that the slow target is being built beside most steps.
    server = Server.start(folder, failpoints, "ingot.build.parallelism=4");
    dag = FaultDag.create(server.packageFolder("dag"));
    api = server.register("dag");
    api.buildOk();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aRunThatIsStoppedAtAnyStepIsCancelledAtOnceLeavesNothingAndTheNextSucceeds()
      throws Exception {
    System.out.println("-Dingot.test.seed=" + SEED);
    List<Step> early = stepsBesideTheSlowTarget();
    Set<Step> all = stepsOfAWholeRun();
    all.removeAll(early);
    var late = new ArrayList<>(all);
    int steps = early.size() + late.size();
    Collections.shuffle(early, new Random(SEED));
    Collections.shuffle(late, new Random(SEED));
    // Whatever is chosen, one stop is to find a statement.
    early.remove(ONLY_THE_SLOW_LEFT);
    early.addFirst(ONLY_THE_SLOW_LEFT);

    for (Step step : early.subList(0, Math.min(early.size(), STOPS * 3 / 4))) {
      stopAt(step, true);
    }
    for (Step step : late.subList(0, Math.min(late.size(), STOPS / 4))) {
      stopAt(step, false);
    }

    System.out.printf(
        "%d stops at %d steps: answered in %s; %d statements gone in %s; not come to: %s%n",
        answered.size(), steps, figures(answered), gone.size(), figures(gone), passedBy);
    assertThat(gone).as("stops while a statement ran").isNotEmpty();
  }

  /** Those that a run comes to while its slow target is being built. */
  private static List<Step> stepsBesideTheSlowTarget() {
    dag.slow(true);
    failpoints.reset();
    String id = startForced();
    Wait.until("only the slow target is left", () -> built(id) == 4 && underWay() == 1);
    List<Step> steps = new ArrayList<>(failpoints.passed());
    server.client().post(path(id) + "/stop").expect(200);
    Failpoints.awaitNoRun();
    return steps;
  }

  private static Set<Step> stepsOfAWholeRun() {
    dag.slow(false);
    failpoints.reset();
    assertThat(api.build(FORCED).path("status").asString()).isEqualTo("SUCCESS");
    Failpoints.awaitNoRun();
    return new LinkedHashSet<>(failpoints.passed());
  }

  private void stopAt(Step step, boolean slow) throws Exception {
    dag.slow(slow);
    dag.data(++data);
    failpoints.reset();
    var gate = new Gate();
    failpoints.at(step, gate);
    String id = api.create(FORCED);
    Future<Answer> started = meanwhile(id, "start");
    if (!gate.awaitRun()) {
      // It is stopped all the same, at another moment.
      passedBy.add(step);
    }
    // One that is held before it begins is counted and runs nothing.
    int held = step.method().equals(BUILD) && !step.after() ? 1 : 0;
    boolean statement = underWay() > held;

    long start = System.nanoTime();
    Future<Answer> stopping = meanwhile(id, "stop");
    if (IN_PUBLICATION.contains(step.method())) {
      gate.open();
    }
    Wait.until("the stop at %s is answered".formatted(step), stopping::isDone);
    Answer stop = stopping.get();
    answered.add(System.nanoTime() - start);
    if (statement) {
      Wait.until("the statement is gone", () -> underWay() == held);
      gone.add(System.nanoTime() - start);
    }
    gate.open();

    assertThat(started.get().status()).as("start at %s", step).isIn(202, 409);
    check(step, id, stop);
    dag.slow(false);
    assertThat(api.build(FORCED).path("status").asString())
        .as("after %s", step)
        .isEqualTo("SUCCESS");
    served = data;
    assertServed(step);
  }

  /** A stop and a publication can't both win. */
  private void check(Step step, String id, Answer stop) {
    assertThat(stop.status()).as("stop at %s", step).isIn(200, 409);
    JsonNode run = api.await(id);
    Failpoints.awaitNoRun();
    boolean stopped = stop.status() == 200;
    assertThat(run.path("status").asString())
        .as("stopped at %s", step)
        .isEqualTo(stopped ? "CANCELLED" : "SUCCESS");
    if (!stopped) {
      assertThat(hasPublished()).as("published at %s", step).isTrue();
      served = data;
    }
    assertServed(step);
    assertThat(Ledger.differences(server, "dag")).as("tables after a stop at %s", step).isEmpty();
  }

  private void assertServed(Step step) {
    assertThat(api.rows(FaultDag.MODEL, FaultDag.QUERY).toString())
        .as("served after a stop at %s", step)
        .isEqualTo(FaultDag.answer(served));
  }

  private static boolean hasPublished() {
    return failpoints.passed().contains(new Step(PUBLISH, 1, true));
  }

  private static String startForced() {
    String id = api.create(FORCED);
    server.client().post(path(id) + "/start").expect(202);
    return id;
  }

  private static Future<Answer> meanwhile(String id, String action) {
    var task = new FutureTask<>(() -> server.client().post(path(id) + "/" + action));
    Thread.ofPlatform().daemon().name("test-" + action).start(task);
    return task;
  }

  private static String path(String id) {
    return api.path() + "/materializations/" + id;
  }

  private static long built(String id) {
    return server
        .client()
        .get(path(id))
        .json()
        .path("targets")
        .valueStream()
        .filter(target -> target.path("status").asString().equals("BUILT"))
        .count();
  }

  /** Tables that are being built on the engine. */
  private static long underWay() {
    return failpoints.passed().stream()
        .filter(step -> step.method().equals(BUILD))
        .mapToInt(step -> step.after() ? -1 : 1)
        .sum();
  }

  private static String figures(List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().map(TimeUnit.NANOSECONDS::toMillis).toList();
    return sorted.isEmpty()
        ? "no time"
        : "%d ms (median), %d ms (most)".formatted(sorted.get(sorted.size() / 2), sorted.getLast());
  }
}
