package dev.ingot.materialization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.project.PackageKey;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.RawRequest;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** {@code Prefer: wait}: who waits hears of the end, and leaves nothing behind. */
@ExtendWith(OutputCaptureExtension.class)
class RunWaitsTest {

  private static final String MODEL =
      "#@ persist\nsource: totals is duckdb.table('data/orders.csv') -> { aggregate: n is count() }";
  private static final String ENDLESS =
      """
      source: numbers is duckdb.sql(\"""%s\""")
      #@ persist name="endless"
      source: endless is numbers -> { aggregate: x is max(h) }
      """
          .formatted(SlowSql.SELECT);

  /** More than the web server has threads. */
  private static final int MANY = 250;

  @TempDir static Path folder;
  private static Server server;
  private static Client client;
  private static PackageApi fast;
  private static PackageApi slow;

  private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeAll
  static void start() {
    server = Server.start(folder, "ingot.max-wait=30s");
    client = server.client();
    PackageFiles.orders(server.packageFolder("fast"), MODEL);
    fast = server.register("fast");
    PackageFiles.orders(server.packageFolder("slow"), ENDLESS);
    slow = server.register("slow");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void nobodyWaitsAnyMore() {
    for (JsonNode run : client.get(runs(slow) + "?status=RUNNING").expect(200).json()) {
      client.post(runs(slow) + "/" + run.path("id").asString() + "/stop").expect(200);
    }
    Wait.until("nobody waits", () -> waits().count() == 0);
    Wait.until(
        "the slow package is free",
        () -> server.bean(RunExecutor.class).carriedOut(PackageKey.of("p", "slow")).isEmpty());
    others.close();
  }

  private static RunWaits waits() {
    return server.bean(RunWaits.class);
  }

  private static String runs(PackageApi api) {
    return api.path() + "/materializations";
  }

  private static Answer waiting(String method, String path, String body, int seconds) {
    return client.send(
        client
            .request(path)
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=" + seconds)
            .method(method, BodyPublishers.ofString(body)));
  }

  private CompletableFuture<Answer> later(String method, String path, String body, int seconds) {
    return CompletableFuture.supplyAsync(() -> waiting(method, path, body, seconds), others);
  }

  private static void assertEnded(Answer answer, int status) {
    answer.expect(status);
    assertThat(answer.json().path("status").asString()).isEqualTo("SUCCESS");
    assertThat(answer.header("Preference-Applied")).isEqualTo("wait=20");
  }

  @Test
  void whoWaitsIsAnsweredWithTheEndAndFromItsTables() {
    Answer created = waiting("POST", runs(fast), "{\"start\":true,\"forceRefresh\":true}", 20);

    assertEnded(created, 201);
    String table = created.json().at("/targets/0/physicalTable").asString();
    assertThat(created.header("Location")).endsWith(created.json().path("id").asString());
    JsonNode read = fast.query("orders.malloy", "run: totals -> { select: * }").json();
    assertThat(read.at("/materialized/0/physicalTable").asString()).isEqualTo(table);

    assertEnded(waiting("POST", runs(fast) + "/" + fast.create("{}") + "/start", "", 20), 202);
    assertEnded(
        waiting("POST", runs(fast) + "/" + fast.create("{}") + "?action=start", "", 20), 202);
    String last = fast.create("{}");
    fast.start(last);
    assertEnded(waiting("GET", runs(fast) + "/" + last, "", 20), 200);
    assertEnded(waiting("GET", runs(fast) + "/" + last, "", 20), 200);
  }

  @Test
  void whoWaitsForAPendingOneHearsThatItWasStartedAndEndedOrStopped() {
    String started = fast.create("{}");
    String stopped = fast.create("{}");
    var first = later("GET", runs(fast) + "/" + started, "", 20);
    var second = later("GET", runs(fast) + "/" + stopped, "", 20);
    Wait.until("both wait", () -> waits().count() == 2);

    fast.start(started);
    client.post(runs(fast) + "/" + stopped + "/stop").expect(200);

    assertEnded(first.join(), 200);
    assertThat(second.join().json().path("status").asString()).isEqualTo("CANCELLED");
  }

  @Test
  void whoHasWaitedLongEnoughHearsHowItIs() {
    Answer created = waiting("POST", runs(slow), "{\"start\":true}", 1).expect(201);

    assertThat(created.json().path("status").asString()).isEqualTo("RUNNING");
    assertThat(created.header("Preference-Applied")).isEqualTo("wait=1");
    String path = runs(slow) + "/" + created.json().path("id").asString();
    Answer now = waiting("GET", path, "", 0).expect(200);
    assertThat(now.json().path("status").asString()).isEqualTo("RUNNING");
    assertThat(now.header("Preference-Applied")).isEqualTo("wait=0");
    assertThat(client.get(path).header("Preference-Applied")).isEmpty();
    var long30 = later("GET", path, "", 999);
    Wait.until("it waits", () -> waits().count() == 1);
    client.post(path + "/stop").expect(200);
    assertThat(long30.join().header("Preference-Applied")).isEqualTo("wait=30");
    assertThat(long30.join().json().path("status").asString()).isEqualTo("CANCELLED");
  }

  @Test
  void whatIsRefusedIsRefusedAtOnce() {
    String id = waiting("POST", runs(slow), "{\"start\":true}", 0).json().path("id").asString();

    Refusal.check(waiting("POST", runs(slow), "{\"start\":true}", 30), 409, "another_running", id);
    Refusal.check(waiting("POST", runs(slow) + "/" + id + "/start", "", 30), 409, "illegal_state");
    Refusal.check(waiting("GET", runs(slow) + "/none", "", 30), 404, "materialization_not_found");
    Answer pending = waiting("POST", runs(slow), "{}", 30).expect(201);
    assertThat(pending.json().path("status").asString()).isEqualTo("PENDING");
    assertThat(pending.header("Preference-Applied")).isEmpty();
  }

  /** As a run of another server does. */
  @Test
  void anEndThatNobodyTellsOfIsFound() {
    String id = fast.create("{}");
    var answer = later("GET", runs(fast) + "/" + id, "", 20);
    Wait.until("it waits", () -> waits().count() == 1);

    boolean ended =
        server
            .bean(MaterializationStore.class)
            .end(
                PackageKey.of("p", "fast"),
                id,
                RunEnd.cancelled(MaterializationStatus.PENDING, Instant.now(), "elsewhere"));

    assertThat(ended).isTrue();
    assertThat(answer.join().expect(200).json().path("error").asString()).isEqualTo("elsewhere");
  }

  @Test
  void whoWaitsForOneWhosePackageGoesIsToldThatItIsGone() {
    PackageFiles.orders(server.packageFolder("going"), MODEL);
    PackageApi going = server.register("going");
    var answer = later("GET", runs(going) + "/" + going.create("{}"), "", 20);
    Wait.until("it waits", () -> waits().count() == 1);

    client.delete(going.path()).expect(204);

    Refusal.check(answer.join(), 404, "package_not_found");
  }

  @Test
  void clientsThatVanishLeaveNothingBehindAndHoldNoThread(CapturedOutput output)
      throws IOException {
    String id = waiting("POST", runs(slow), "{\"start\":true}", 0).json().path("id").asString();
    String path = runs(slow) + "/" + id;
    String pending = runs(slow) + "/" + slow.create("{}");
    long connections = server.connections();
    var sockets = new ArrayList<Socket>();
    for (int i = 0; i < MANY; i++) {
      sockets.add(get(i % 2 == 0 ? path : pending));
    }
    Wait.until("all wait", () -> waits().count() == MANY);
    assertThat(client.get(path).expect(200).status()).isEqualTo(200);

    for (Socket socket : sockets) {
      socket.close();
    }

    Wait.until("nobody waits", () -> waits().count() == 0);
    Wait.until("their connections are closed", () -> server.connections() <= connections + 1);
    assertThat(client.get(pending).expect(200).json().path("status").asString())
        .isEqualTo("PENDING");
    assertThat(output.getAll()).doesNotContain("ERROR", "Broken pipe", "AsyncRequest");
  }

  private static Socket get(String path) throws IOException {
    return RawRequest.waiting(client.url(), path, "Prefer: wait=30");
  }

  @Test
  void aServerThatStopsAnswersWhoWaits(@TempDir Path other) {
    CompletableFuture<Answer> answer;
    try (Server stopping = Server.start(other)) {
      PackageFiles.orders(stopping.packageFolder("fast"), MODEL);
      PackageApi api = stopping.register("fast");
      String path = runs(api) + "/" + api.create("{}");
      answer =
          CompletableFuture.supplyAsync(
              () ->
                  stopping
                      .client()
                      .send(stopping.client().request(path).header("Prefer", "wait=60").GET()),
              others);
      Wait.until("it waits", () -> stopping.bean(RunWaits.class).count() == 1);
    }
    Answer told = answer.orTimeout(5, TimeUnit.SECONDS).join().expect(200);
    assertThat(told.json().path("status").asString()).isEqualTo("PENDING");
  }

  @Test
  void aWaitThatIsCancelledIsForgotten() {
    String id = fast.create("{}");
    var service = server.bean(MaterializationService.class);
    List<CompletableFuture<Materialization>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(service.awaitEnd(PackageKey.of("p", "fast"), id, Duration.ofSeconds(30)));
    }
    assertThat(waits().count()).isEqualTo(100);

    all.forEach(wait -> wait.cancel(false));

    assertThat(waits().count()).isZero();
  }
}
