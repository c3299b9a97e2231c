package dev.ingot;

import static dev.ingot.KeyedRequests.assertSame;
import static dev.ingot.KeyedRequests.runs;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.RawRequest;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code Idempotency-Key}: what is sent again is done once. */
class IdempotencyTest {

  private static final String MODEL =
      "#@ persist\nsource: totals is duckdb.table('data/orders.csv') -> { aggregate: n is count() }";
  private static final String WAREHOUSE =
      """
      {"name": "%s", "type": "postgres", "postgresConnection":
       {"host": "127.0.0.1", "port": 1, "databaseName": "shop", "userName": "ann", "password": "hunter2"}}
      """;
  private static final int MANY = 100;

  @TempDir static Path folder;
  private static Server server;
  private static Client client;
  private static PackageApi orders;

  @BeforeAll
  static void start() {
    server = Server.start(folder);
    client = server.client();
    orders = register(server, "orders");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static PackageApi register(Server on, String name) {
    PackageFiles.orders(on.packageFolder(name), MODEL);
    return on.register(name);
  }

  private static Answer post(String path, String body, String key) {
    return KeyedRequests.post(client, path, BodyPublishers.ofString(body), key);
  }

  @Test
  void manyThatRaceWithOneKeyMakeOneRun() throws Exception {
    PackageApi raced = register(server, "raced");
    var barrier = new CyclicBarrier(MANY);
    var answers = new ArrayList<Answer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures = new ArrayList<Future<Answer>>();
      for (int i = 0; i < MANY; i++) {
        futures.add(
            threads.submit(() -> {
              barrier.await();
              return post(runs(raced), "{\"start\":true}", "raced");
            }));
      }
      for (Future<Answer> future : futures) {
        answers.add(future.get());
      }
    }

    JsonNode all = client.get(runs(raced)).json();
    assertThat(all).hasSize(1);
    String id = all.get(0).path("id").asString();
    assertThat(answers).extracting(Answer::status).contains(201).containsOnly(201, 409);
    for (Answer answer : answers) {
      if (answer.status() == 201) {
        assertThat(answer.json().path("id").asString()).isEqualTo(id);
      } else {
        Refusal.check(answer, 409, "idempotency_in_work");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
      }
    }
    assertThat(post(runs(raced), "{\"start\":true}", "raced").expect(201).json().path("id"))
        .isEqualTo(all.get(0).path("id"));
    assertThat(raced.await(id).path("status").asString()).isEqualTo("SUCCESS");
  }

  @Test
  void everythingThatIsCreatedIsCreatedOnceAndAnsweredAgain() {
    String project = "{\"name\":\"created\"}";
    Answer first = post("/api/v0/projects", project, "a project").expect(201);
    assertSame(post("/api/v0/projects", project, "a project"), first);

    String connections = "/api/v0/projects/created/connections";
    first = post(connections, WAREHOUSE.formatted("one"), "a connection").expect(201);
    assertSame(post(connections, WAREHOUSE.formatted("one"), "a connection"), first);

    String packages = "/api/v0/projects/created/packages";
    String registration =
        "{\"name\":\"orders\",\"location\":\"%s\"}".formatted(server.packageFolder("orders"));
    first = post(packages, registration, "a package").expect(201);
    assertThat(first.header("ETag")).isNotEmpty();
    assertSame(post(packages, registration, "a package"), first);

    first = post(packages + "/orders/materializations", "", "a build").expect(201);
    assertSame(post(packages + "/orders/materializations", "", "a build"), first);
    assertThat(client.get(packages + "/orders/materializations").json()).hasSize(1);
    Refusal.check(client.post("/api/v0/projects", project), 409, "project_exists");
  }

  @Test
  void anotherRequestWithTheSameKeyIsRefused() {
    Answer first = post(runs(orders), "{}", "used").expect(201);
    int before = client.get(runs(orders) + "?limit=1000").json().size();

    for (Answer other :
        List.of(
            post(runs(orders), "{\"forceRefresh\":true}", "used"),
            post(runs(orders), "{ }", "used"),
            post(runs(orders), "", "used"),
            post("/api/v0/projects", "{}", "used"),
            post(server.packagesPath() + "?autoLoadManifest=false", "{}", "used"))) {
      Refusal.check(other, 422, "idempotency_key_reused", "Idempotency-Key");
    }

    assertThat(client.get(runs(orders) + "?limit=1000").json()).hasSize(before);
    assertSame(post(runs(orders), "{}", "used"), first);
    assertThat(post(runs(orders), "{}", "Used").expect(201).text()).isNotEqualTo(first.text());
    client.post(runs(orders), "{}").expect(201);
  }

  @Test
  void aRefusalIsAnsweredAgainToo() {
    Answer first = post("/api/v0/projects", "{\"name\":\"/\"}", "refused").expect(400);

    assertSame(post("/api/v0/projects", "{\"name\":\"/\"}", "refused"), first);
    Answer missing = post("/api/v0/projects/later/connections", "{}", "missing");
    assertSame(post("/api/v0/projects/later/connections", "{}", "missing"), missing);
  }

  @Test
  void aRepeatedWaitIsAnsweredAtOnce() {
    var request =
        client
            .request(runs(orders))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "waits")
            .header("Prefer", "wait=30")
            .POST(BodyPublishers.ofString("{\"start\":true,\"forceRefresh\":true}"));
    Answer first = client.send(request).expect(201);

    assertThat(first.json().path("status").asString()).isEqualTo("SUCCESS");
    assertSame(client.send(request), first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tab\tbetween"})
  void aKeyThatIsNoneIsRefused(String key) {
    Refusal.check(post(runs(orders), "{}", key), 400, "bad_request", "Idempotency-Key");
    Refusal.check(post(runs(orders), "{}", "x".repeat(256)), 400, "bad_request", "255");
    post(runs(orders), "{}", "x".repeat(255)).expect(201);
    Refusal.check(
        client.send(
            client
                .request(runs(orders))
                .header("Idempotency-Key", "one")
                .header("Idempotency-Key", "two")
                .POST(BodyPublishers.noBody())),
        400,
        "bad_request",
        "Idempotency-Key");
  }

  @Test
  void aKeyOfOtherCharactersIsRefused() throws IOException {
    try (Socket socket =
        RawRequest.post(
            client.url(),
            runs(orders),
            "{}",
            "Idempotency-Key: schl\u00fcssel",
            "Connection: close")) {
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400").contains("bad_request", "Idempotency-Key");
    }
  }

  @Test
  void aBodyOfUnknownLengthIsComparedToo() {
    BodyPublisher chunked =
        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream("{}".getBytes(UTF_8)));

    Answer first = KeyedRequests.post(client, runs(orders), chunked, "chunked").expect(201);

    assertSame(post(runs(orders), "{}", "chunked"), first);
    Refusal.check(post(runs(orders), "[]", "chunked"), 422, "idempotency_key_reused");
  }

  @Test
  void aKeyMeansNothingWhereNothingIsCreated() {
    String body = "{\"query\":\"run: totals -> { select: * }\"}";
    String query = orders.path() + "/models/orders.malloy/query";

    assertThat(post(query, body, "query").expect(200).header("Idempotency-Replayed")).isEmpty();
    Answer again = post(query, body.replace("*", "n"), "query").expect(200);
    assertThat(again.header("Content-Length")).isEqualTo(String.valueOf(again.text().length()));
    String stop = runs(orders) + "/" + orders.create("{}") + "/stop";
    post(stop, "", "query").expect(200);
    Refusal.check(post(stop, "", "query"), 409, "illegal_state");
  }

  @Test
  void everyPostThatCreatesTakesAKeyAndNoOther() {
    var creating = new ArrayList<String>();
    var keyed = new ArrayList<String>();
    client
        .get("/v3/api-docs")
        .expect(200)
        .json()
        .path("paths")
        .forEachEntry((path, item) -> {
          JsonNode post = item.path("post");
          if (post.path("responses").has("201")) {
            creating.add(path);
          }
          if (post.path("parameters")
              .valueStream()
              .anyMatch(one -> one.path("name").asString().equals("Idempotency-Key"))) {
            keyed.add(path);
          }
        });

    assertThat(keyed).hasSizeGreaterThan(3).isEqualTo(creating);
  }
}
