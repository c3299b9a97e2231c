package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.TableName;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a run is from its creation to its end, and how it is started and stopped. */
class MaterializationLifecycleTest extends MaterializationApi {

  private static final PackageKey SLOW = PackageKey.of("p", "slow");

  @Test
  void aNewOneIsPendingAndHasAllOfItsFields() {
    Answer created = client.post(runs(fast), "{\"forceRefresh\":true}").expect(201);

    JsonNode run = created.json();
    String path = runs(fast) + "/" + run.path("id").asString();
    assertThat(created.headers().firstValue("Location")).contains(path);
    assertThat(run.propertyNames())
        .contains(
            "id",
            "projectId",
            "packageName",
            "status",
            "forceRefresh",
            "autoLoadManifest",
            "createdAt",
            "updatedAt",
            "startedAt",
            "completedAt",
            "error",
            "metadata",
            "targets",
            "problems");
    assertThat(run.path("status").asString()).isEqualTo("PENDING");
    assertThat(run.path("projectId").asString()).isEqualTo("p");
    assertThat(run.path("packageName").asString()).isEqualTo("fast");
    assertThat(run.path("forceRefresh").asBoolean()).isTrue();
    assertThat(run.path("autoLoadManifest").asBoolean()).isTrue();
    assertThat(run.path("startedAt").isNull()).isTrue();
    assertThat(run.path("completedAt").isNull()).isTrue();
    assertThat(run.path("error").isNull()).isTrue();
    assertThat(client.get(path).expect(200).json()).isEqualTo(run);
  }

  @Test
  void aBodyMayBeLeftOut() {
    JsonNode run = client.post(runs(fast)).expect(201).json();

    assertThat(run.path("forceRefresh").asBoolean()).isFalse();
    assertThat(run.path("autoLoadManifest").asBoolean()).isTrue();
  }

  @Test
  void oneThatHasRunSaysWhatItDid() {
    JsonNode run = fast.build("{\"forceRefresh\":true}");

    assertThat(run.path("status").asString()).isEqualTo("SUCCESS");
    assertThat(run.path("startedAt").isNull()).isFalse();
    assertThat(run.path("completedAt").isNull()).isFalse();
    assertThat(run.path("metadata").path("sourcesBuilt").asInt()).isEqualTo(2);
    assertThat(run.path("metadata").path("sourcesSkipped").asInt()).isZero();
    JsonNode first = PackageApi.target(run, "by_customer");
    JsonNode second = PackageApi.target(run, "best");
    assertThat(second.path("dependsOn").get(0).asString())
        .isEqualTo(first.path("buildId").asString());
    assertThat(second.path("sql").asString())
        .contains(first.path("physicalTable").asString().substring("main.".length()));
    assertThat(first.path("rows").asInt()).isEqualTo(3);
    assertThat(second.path("rows").asInt()).isEqualTo(2);
    assertThat(first.path("durationMs").isNumber()).isTrue();
    assertThat(first.path("model").asString()).isEqualTo("orders.malloy");
    assertThat(first.path("sourceNames").get(0).asString()).isEqualTo("by_customer");
  }

  @Test
  void oneIsCreatedAndStartedInOneCall() {
    Answer created = client.post(runs(fast), "{\"start\":true,\"forceRefresh\":true}").expect(201);

    JsonNode run = created.json();
    String id = run.path("id").asString();
    assertThat(created.header("Location")).isEqualTo(runs(fast) + "/" + id);
    assertThat(run.path("status").asString()).isEqualTo("RUNNING");
    assertThat(run.path("startedAt").isNull()).isFalse();
    JsonNode ended = fast.await(id);
    assertThat(ended.path("status").asString()).isEqualTo("SUCCESS");
    assertThat(ended.path("metadata").path("sourcesBuilt").asInt()).isEqualTo(2);
  }

  @Test
  void oneThatCannotBeStartedInTheCallThatCreatesItIsNotCreated() {
    String running = building().path("id").asString();
    JsonNode before = client.get(runs(slow)).expect(200).json();

    Answer refused = client.post(runs(slow), "{\"start\":true}");

    Refusal.check(refused, 409, "another_running", running);
    assertThat(ids(client.get(runs(slow)).expect(200).json())).isEqualTo(ids(before));
    Refusal.check(
        client.post(runs(slow).replace("slow", "none"), "{\"start\":true}"),
        404,
        "package_not_found");
    Refusal.check(client.post(runs(slow), "{\"start\":\"yes\"}"), 400, "bad_request", "start");
  }

  private static List<String> ids(JsonNode runs) {
    return runs.valueStream().map(run -> run.path("id").asString()).toList();
  }

  @Test
  void whileOneIsRunningOthersAreCreatedButNotStarted() {
    String running = building().path("id").asString();

    String next = slow.create("{}");

    Refusal.check(act(slow, next, "start"), 409, "another_running", running);
    assertThat(status(slow, next)).isEqualTo("PENDING");
    assertThat(fast.buildOk().path("status").asString()).isEqualTo("SUCCESS");
    assertThat(status(slow, running)).isEqualTo("RUNNING");
  }

  @Test
  void aRunningOneIsNotStartedAgain() {
    String running = building().path("id").asString();

    Refusal.check(act(slow, running, "start"), 409, "illegal_state", "RUNNING");
    assertThat(status(slow, running)).isEqualTo("RUNNING");
  }

  @Test
  void oneThatHasEndedIsNotStartedAgain() {
    String ended = fast.buildOk().path("id").asString();

    Refusal.check(act(fast, ended, "start"), 409, "illegal_state", "SUCCESS");
    Refusal.check(act(fast, ended, "stop"), 409, "illegal_state", "SUCCESS");
    assertThat(status(fast, ended)).isEqualTo("SUCCESS");
  }

  @Test
  void ofTwoStartedAtOnceOneIsStarted() throws Exception {
    for (int i = 0; i < 3; i++) {
      List<String> ids = List.of(slow.create("{}"), slow.create("{}"));

      List<Answer> answers = atOnce(ids);

      assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(202, 409);
      int winner = answers.getFirst().status() == 202 ? 0 : 1;
      Refusal.check(answers.get(1 - winner), 409, "another_running", ids.get(winner));
      assertThat(status(slow, ids.get(1 - winner))).isEqualTo("PENDING");
      act(slow, ids.get(winner), "stop").expect(200);
    }
  }

  private static List<Answer> atOnce(List<String> ids)
      throws InterruptedException, ExecutionException {
    var barrier = new CyclicBarrier(ids.size());
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures = new ArrayList<Future<Answer>>();
      for (String id : ids) {
        futures.add(
            executor.submit(() -> {
              barrier.await();
              return act(slow, id, "start");
            }));
      }
      var answers = new ArrayList<Answer>();
      for (Future<Answer> future : futures) {
        answers.add(future.get());
      }
      return answers;
    }
  }

  @Test
  void aPendingOneThatIsStoppedNeverRuns() {
    String id = fast.create("{}");

    JsonNode stopped = act(fast, id, "stop").expect(200).json();

    assertThat(stopped.path("status").asString()).isEqualTo("CANCELLED");
    assertThat(stopped.path("startedAt").isNull()).isTrue();
    assertThat(stopped.path("completedAt").isNull()).isFalse();
    Refusal.check(act(fast, id, "start"), 409, "illegal_state", "CANCELLED");
    Refusal.check(act(fast, id, "stop"), 409, "illegal_state", "CANCELLED");
  }

  @Test
  void aRunningOneThatIsStoppedLeavesNoTableAndChangesNothing() {
    JsonNode running = building();
    String physical = PackageApi.target(running, "endless").path("physicalTable").asString();
    String id = running.path("id").asString();

    JsonNode stopped = act(slow, id, "stop").expect(200).json();

    assertThat(stopped.path("status").asString()).isEqualTo("CANCELLED");
    Wait.until(
        "its target has ended",
        () ->
            PackageApi.target(get(slow, id).json(), "endless")
                .path("status")
                .asString()
                .equals("CANCELLED"));
    ManifestStore store = server.bean(ManifestStore.class);
    Wait.until("the intent is forgotten", () -> store.unfinished().isEmpty());
    var table = new TableName("main", physical.substring("main.".length()));
    var engine = server.bean(ServedPackages.class).get(SLOW).content().engine("duckdb");
    assertThat(engine.existing(List.of(table, new TableName("main", "endless")))).isEmpty();
    assertThat(slow.manifest()).isEqualTo(slowManifest);
    Refusal.check(act(slow, id, "stop"), 409, "illegal_state", "CANCELLED");
  }

  @Test
  void aStopAtAnyMomentLeavesThePackageAsItWasOrDone() {
    for (int i = 0; i < 20; i++) {
      long before = fast.manifest().path("version").asLong();
      String id = fast.create("{\"forceRefresh\":true}");
      act(fast, id, "start").expect(202);
      // A little later from round to round, so that it hits every step of a run.
      for (int wait = 0; wait < i / 2; wait++) {
        get(fast, id).expect(200);
      }
      Answer stop = act(fast, id, "stop");

      assertThat(stop.status()).isIn(200, 409);
      String expected = stop.status() == 200 ? "CANCELLED" : "SUCCESS";
      assertThat(status(fast, id)).isEqualTo(expected);
      assertThat(fast.manifest().path("version").asLong())
          .isEqualTo(before + (stop.status() == 200 ? 0 : 1));
      physical(fast.query("orders.malloy", QUERY));
    }
    assertThat(fast.buildOk().path("status").asString()).isEqualTo("SUCCESS");
  }

  @Test
  void theOtherSpellingsOfStartAndStopDoTheSame() {
    String started = fast.create("{}");
    String stopped = fast.create("{}");

    client.post(runs(fast) + "/" + started + "?action=start").expect(202);
    client.post(runs(fast) + "/" + stopped + "?action=stop").expect(200);

    assertThat(fast.await(started).path("status").asString()).isEqualTo("SUCCESS");
    assertThat(status(fast, stopped)).isEqualTo("CANCELLED");
  }
}
