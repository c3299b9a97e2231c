package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.TableName;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class MaterializationApiTest {

  /** How often P11 is tried; -Dingot.test.p11=1000 for more. */
  private static final int P11_ROUNDS = Integer.getInteger("ingot.test.p11", 20);

  private static final String MODEL =
      """
      source: orders is duckdb.table('data/orders.csv') extend { measure: total is amount.sum() }
      #@ persist name="by_customer"
      source: by_customer is orders -> { group_by: customer; aggregate: total }
      #@ persist name="best"
      source: best is by_customer -> { select: *; where: total > 30 }
      """;
  private static final String ENDLESS =
      MODEL
          + """
          source: numbers is duckdb.sql(\"""%s\""")
          #@ persist name="endless"
          source: endless is numbers -> { aggregate: x is max(h) }
          """
              .formatted(SlowSql.SELECT);
  private static final String QUERY = "run: best -> { select: *; order_by: customer }";
  private static final PackageKey SLOW = PackageKey.of("p", "slow");

  @TempDir static Path folder;
  private static Server server;
  private static Client client;
  private static PackageApi fast;

  /** Has a version, and since then a model that a run never gets done with. */
  private static PackageApi slow;

  private static JsonNode slowManifest;

  @BeforeAll
  static void start() {
    server = Server.start(folder);
    client = server.client();
    fast = orders("fast");
    fast.buildOk();
    slow = orders("slow");
    slow.buildOk();
    slowManifest = slow.manifest();
    PackageFiles.orders(server.packageFolder("slow"), ENDLESS);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static PackageApi orders(String name) {
    PackageFiles.orders(server.packageFolder(name), MODEL);
    return server.register(name);
  }

  @AfterEach
  void whatTheSlowPackageServesHasNotChanged() {
    for (JsonNode run : client.get(runs(slow) + "?status=RUNNING").expect(200).json()) {
      act(slow, run.path("id").asString(), "stop").expect(200);
    }
    ManifestStore store = server.bean(ManifestStore.class);
    Wait.until("what was stopped is cleaned up", () -> store.unfinished().isEmpty());
    assertThat(slow.manifest()).isEqualTo(slowManifest);
    Answer answer = slow.query("orders.malloy", QUERY).expect(200);
    assertThat(answer.rows()).hasSize(2);
    assertThat(answer.json().path("live")).isEmpty();
  }

  private static String runs(PackageApi api) {
    return api.path() + "/materializations";
  }

  private static Answer act(PackageApi api, String id, String action) {
    return client.post(runs(api) + "/" + id + "/" + action);
  }

  private static Answer get(PackageApi api, String id) {
    return client.get(runs(api) + "/" + id);
  }

  private static String status(PackageApi api, String id) {
    return get(api, id).expect(200).json().path("status").asString();
  }

  private static String physical(Answer query) {
    JsonNode tables = query.expect(200).json().path("materialized");
    assertThat(tables).hasSize(1);
    return tables.get(0).path("physicalTable").asString();
  }

  /** A run of the slow package that is building what never ends. */
  private static JsonNode building() {
    String id = slow.create("{}");
    act(slow, id, "start").expect(202);
    var seen = new ArrayList<JsonNode>();
    Wait.until(
        "the endless target is being built",
        () -> {
          JsonNode run = get(slow, id).expect(200).json();
          seen.add(run);
          return run.path("targets")
              .valueStream()
              .anyMatch(target ->
                  target.path("tableName").asString().equals("main.endless")
                      && target.path("status").asString().equals("RUNNING"));
        });
    return seen.getLast();
  }

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
    JsonNode first = PackageApi.target(run, "main.by_customer");
    JsonNode second = PackageApi.target(run, "main.best");
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
    String physical = PackageApi.target(running, "main.endless").path("physicalTable").asString();
    String id = running.path("id").asString();

    JsonNode stopped = act(slow, id, "stop").expect(200).json();

    assertThat(stopped.path("status").asString()).isEqualTo("CANCELLED");
    Wait.until(
        "its target has ended",
        () ->
            PackageApi.target(get(slow, id).json(), "main.endless")
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
  void onlyTheRecordOfAnEndedOneIsDeletedAndItsVersionStays() {
    JsonNode run = fast.build("{\"forceRefresh\":true}");
    String id = run.path("id").asString();
    String physical = PackageApi.target(run, "main.best").path("physicalTable").asString();
    JsonNode manifest = fast.manifest();

    client.delete(runs(fast) + "/" + id).expect(204);

    Refusal.check(get(fast, id), 404, "materialization_not_found", id);
    Refusal.check(client.delete(runs(fast) + "/" + id), 404, "materialization_not_found", id);
    assertThat(fast.manifest()).isEqualTo(manifest);
    assertThat(physical(fast.query("orders.malloy", QUERY))).isEqualTo(physical);
    JsonNode next = fast.buildOk();
    assertThat(PackageApi.target(next, "main.best").path("status").asString()).isEqualTo("REUSED");
  }

  @Test
  void oneThatHasNotEndedIsNotDeletedNorIsItsPackage() {
    String running = building().path("id").asString();
    String pending = slow.create("{}");

    Refusal.check(client.delete(runs(slow) + "/" + running), 409, "illegal_state", "RUNNING");
    Refusal.check(client.delete(runs(slow) + "/" + pending), 409, "illegal_state", "PENDING");
    Refusal.check(client.delete(slow.path()), 409, "package_busy", "p/slow");
    Refusal.check(client.delete("/api/v0/projects/p"), 409, "package_busy", "p/slow");
    assertThat(status(slow, running)).isEqualTo("RUNNING");
    client.get(fast.path()).expect(200);
  }

  @Test
  void theListIsNewestFirstInPagesThatLinkToTheNext() {
    PackageApi paged = orders("paged");
    var ids = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(paged.create("{}"));
    }
    act(paged, ids.get(3), "stop").expect(200);

    assertThat(follow(runs(paged) + "?limit=2", 3)).isEqualTo(ids);
    assertThat(follow(runs(paged), 1)).isEqualTo(ids);
    assertThat(follow(runs(paged) + "?offset=4", 1)).containsExactly(ids.getLast());
    assertThat(follow(runs(paged) + "?offset=9", 1)).isEmpty();
    assertThat(follow(runs(paged) + "?status=CANCELLED", 1)).containsExactly(ids.get(3));
    assertThat(follow(runs(paged) + "?status=PENDING&limit=3", 2))
        .containsExactly(ids.get(0), ids.get(1), ids.get(2), ids.get(4));
    assertThat(follow(runs(paged) + "?status=FAILED", 1)).isEmpty();
  }

  /** The ids on so many pages, by the links. */
  private static List<String> follow(String first, int pages) {
    var ids = new ArrayList<String>();
    String next = first;
    for (int page = 1; page <= pages; page++) {
      Answer answer = client.get(next).expect(200);
      answer.json().forEach(run -> ids.add(run.path("id").asString()));
      String link = answer.headers().firstValue("Link").orElse("");
      Matcher matcher = Pattern.compile("<([^>]+)>; rel=\"next\"").matcher(link);
      assertThat(matcher.matches())
          .as("page %d of %s: %s", page, first, link)
          .isEqualTo(page < pages);
      next = page < pages ? matcher.group(1) : "";
    }
    return ids;
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

  @Test
  void nothingIsBuiltAgainUnlessItIsForced() {
    fast.buildOk();
    JsonNode manifest = fast.manifest();

    JsonNode again = fast.buildOk();
    assertThat(again.path("targets").valueStream())
        .extracting(t -> t.path("status").asString() + " " + t.path("reason").asString())
        .containsOnly("REUSED UNCHANGED");
    assertThat(again.path("metadata").path("sourcesBuilt").asInt()).isZero();
    assertThat(again.path("metadata").path("sourcesSkipped").asInt()).isEqualTo(2);
    assertThat(fast.manifest()).isEqualTo(manifest);

    JsonNode forced = fast.build("{\"forceRefresh\":true}");
    assertThat(forced.path("targets").valueStream())
        .extracting(t -> t.path("status").asString() + " " + t.path("reason").asString())
        .containsOnly("BUILT FORCED");
    assertThat(fast.manifest().path("version").asLong())
        .isEqualTo(manifest.path("version").asLong() + 1);
    for (JsonNode entry : fast.manifest().path("entries")) {
      JsonNode before = manifest.path("entries").path(entry.path("buildId").asString());
      assertThat(entry.path("tableName")).isEqualTo(before.path("tableName"));
      assertThat(entry.path("physicalTable")).isNotEqualTo(before.path("physicalTable"));
    }
  }

  @Test
  void aVersionThatIsNotLoadedIsServedFromTheNextReloadOn() {
    for (String reload : List.of("/manifest/reload", "/manifest/load", "/manifest?action=reload")) {
      String before = physical(fast.query("orders.malloy", QUERY));
      long version = fast.manifest().path("version").asLong();

      JsonNode run = fast.build("{\"forceRefresh\":true,\"autoLoadManifest\":false}");
      String built = PackageApi.target(run, "main.best").path("physicalTable").asString();

      assertThat(run.path("status").asString()).isEqualTo("SUCCESS");
      assertThat(built).isNotEqualTo(before);
      assertThat(physical(fast.query("orders.malloy", QUERY))).isEqualTo(before);
      assertThat(fast.manifest().path("version").asLong()).isEqualTo(version + 1);
      assertThat(fast.manifest().path("servedVersion").asLong()).isEqualTo(version);

      JsonNode reloaded = client.post(fast.path() + reload).expect(200).json();

      assertThat(reloaded.path("servedVersion").asLong()).isEqualTo(version + 1);
      assertThat(physical(fast.query("orders.malloy", QUERY))).isEqualTo(built);
    }
  }

  @Test
  void theManifestIsGivenWithDeclaredOrPhysicalNames() {
    JsonNode declared = fast.manifest();
    JsonNode physical = client.get(fast.path() + "/manifest?names=physical").expect(200).json();

    assertThat(declared.path("entries").valueStream())
        .extracting(entry -> entry.path("tableName").asString())
        .containsExactlyInAnyOrder("main.by_customer", "main.best");
    for (JsonNode entry : physical.path("entries")) {
      assertThat(entry.path("tableName")).isEqualTo(entry.path("physicalTable"));
    }
    assertThat(client.get(orders("unbuilt").path() + "/manifest").json().path("entries")).isEmpty();
  }

  @Test
  void whoeverSeesSuccessIsAnsweredFromTheNewTables() {
    for (int i = 0; i < P11_ROUNDS; i++) {
      String id = fast.create("{\"forceRefresh\":true}");
      act(fast, id, "start").expect(202);
      boolean byList = i % 2 == 0;
      var seen = new ArrayList<JsonNode>();
      Wait.closely(
          "it has ended",
          () -> {
            JsonNode run =
                byList ? client.get(runs(fast) + "?limit=1").json().get(0) : get(fast, id).json();
            seen.add(run);
            return !run.path("status").asString().equals("RUNNING");
          });
      String answered = physical(fast.query("orders.malloy", QUERY));

      JsonNode run = seen.getLast();
      assertThat(run.path("id").asString()).isEqualTo(id);
      assertThat(run.path("status").asString()).isEqualTo("SUCCESS");
      assertThat(answered)
          .as("round %d", i)
          .isEqualTo(PackageApi.target(run, "main.best").path("physicalTable").asString());
    }
  }
}
