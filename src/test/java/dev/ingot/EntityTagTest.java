package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ETag}, {@code If-Match} and {@code If-None-Match} of projects, packages, connections. */
class EntityTagTest {

  private static final String P = "/api/v0/projects/tags";
  private static final String CONNECTION = P + "/connections/warehouse";
  private static final String PACKAGE = P + "/packages/orders";
  private static final String MODEL =
      "#@ persist\nsource: totals is duckdb.table('data/orders.csv') -> { aggregate: n is count() }";
  private static final String WAREHOUSE =
      """
      {"name": "warehouse", "type": "postgres", "postgresConnection":
       {"host": "127.0.0.1", "port": 1, "databaseName": "shop", "userName": "ann", "password": "%s"}}
      """;

  @TempDir static Path folder;
  private static Server server;
  private static Client client;

  @BeforeAll
  static void start() {
    server = Server.start(folder);
    client = server.client();
    PackageFiles.orders(server.packageFolder("orders"), MODEL);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private Answer project;
  private Answer connection;
  private Answer orders;

  @BeforeEach
  void create() {
    client.delete(P);
    project = client.post("/api/v0/projects", "{\"name\":\"tags\"}").expect(201);
    connection = client.post(P + "/connections", WAREHOUSE.formatted("hunter2")).expect(201);
    orders =
        client
            .post(
                P + "/packages",
                "{\"name\":\"orders\",\"location\":\"%s\"}"
                    .formatted(server.packageFolder("orders")))
            .expect(201);
  }

  private static String tag(String path) {
    return client.get(path).expect(200).header("ETag");
  }

  private static Answer conditional(String method, String path, String body, String... ifMatch) {
    var request =
        client
            .request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    for (String one : ifMatch) {
      request.header("If-Match", one);
    }
    return client.send(request);
  }

  @Test
  void whatWasJustMadeHasTheTagThatItIsReadWith() {
    for (Answer made : List.of(project, connection, orders)) {
      assertThat(made.header("ETag")).matches("\"[0-9a-f.-]{32,}\"");
    }
    assertThat(tag(CONNECTION)).isEqualTo(connection.header("ETag"));
    assertThat(tag(PACKAGE)).isEqualTo(orders.header("ETag"));
    assertThat(tag(P)).as("it has a package by now").isNotEqualTo(project.header("ETag"));
    Answer changed = client.patch(PACKAGE, "{\"description\":\"x\"}").expect(200);
    assertThat(changed.header("ETag")).isNotEqualTo(orders.header("ETag")).isEqualTo(tag(PACKAGE));
  }

  @Test
  void everyChangeOfWhatIsSetChangesTheTagsAlsoThatOfASecretWhichIsNotShown() {
    var tags = new ArrayList<String>();
    tags.add(tag(CONNECTION));
    tags.add(tag(P));
    String shown = client.get(CONNECTION).text();
    client.patch(CONNECTION, WAREHOUSE.formatted("hunter3")).expect(200);
    assertThat(client.get(CONNECTION).text()).isEqualTo(shown);
    tags.add(tag(CONNECTION));
    tags.add(tag(P));
    client.patch(CONNECTION, WAREHOUSE.formatted("hunter2")).expect(200);
    tags.add(tag(CONNECTION));
    tags.add(tag(P));
    client.patch(PACKAGE, "{\"strict\":true}").expect(200);
    tags.add(tag(PACKAGE));
    tags.add(tag(P));

    assertThat(tags).doesNotHaveDuplicates();
    assertThat(tag(PACKAGE)).isEqualTo(tag(PACKAGE));
    client.patch(CONNECTION, "{\"postgresConnection\":{\"password\":\"***\"}}").expect(200);
    assertThat(tag(CONNECTION)).as("nothing was changed").isEqualTo(tags.get(4));
  }

  @Test
  void aChangeOfWhatIsAnotherByNowIsRefusedAndDoesNothing() {
    for (String path : List.of(CONNECTION, PACKAGE, P)) {
      String before = client.get(path).text();

      Refusal.check(conditional("PATCH", path, "{}", "\"other\""), 412, "precondition_failed");
      Refusal.check(conditional("DELETE", path, "", "\"other\""), 412, "precondition_failed");
      Refusal.check(conditional("DELETE", path, "", "W/" + tag(path)), 412, "precondition_failed");
      Refusal.check(conditional("PATCH", path, "{}", "other"), 400, "bad_request", "If-Match");
      // It has a star in it, but isn't one.
      Refusal.check(conditional("PATCH", path, "{}", "a * b"), 400, "bad_request", "If-Match");

      assertThat(client.get(path).text()).isEqualTo(before);
      conditional("PATCH", path, "{}", "*").expect(200);
      conditional("PATCH", path, "{}", "\"other\", " + tag(path)).expect(200);
      conditional("PATCH", path, "{}", "\"other\"", tag(path)).expect(200);
    }
    for (String path : List.of(CONNECTION, PACKAGE, P)) {
      conditional("DELETE", path, "", tag(path)).expect(204);
      assertThat(conditional("DELETE", path, "", "*").status()).isEqualTo(404);
    }
  }

  @Test
  void aBuildIsAnotherAnswerButNoReasonToRefuseAChange() {
    String before = tag(PACKAGE);
    new PackageApi(client, PACKAGE).buildOk();

    assertThat(tag(PACKAGE)).isNotEqualTo(before);
    assertThat(unless(PACKAGE, before).expect(200).json().path("servedVersion").asInt())
        .isEqualTo(1);
    conditional("PATCH", PACKAGE, "{\"description\":\"y\"}", before).expect(200);
    Refusal.check(
        conditional("PATCH", PACKAGE, "{\"description\":\"z\"}", before),
        412,
        "precondition_failed",
        "tags/orders");
  }

  private static Answer unless(String path, String tag) {
    return client.send(client.request(path).header("If-None-Match", tag).GET());
  }

  @Test
  void whoHasTheAnswerIsNotGivenItAgain() {
    for (String path : List.of(CONNECTION, PACKAGE, P, P + "/connections/duckdb")) {
      String tag = tag(path);
      Answer same = unless(path, tag).expect(304);
      assertThat(same.text()).isEmpty();
      assertThat(same.header("ETag")).isEqualTo(tag);
      unless(path, "\"other\"").expect(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {CONNECTION, PACKAGE})
  void ofChangesThatRaceWithOneTagOneIsMade(String path) throws Exception {
    for (int round = 0; round < 5; round++) {
      String tag = tag(path);
      var barrier = new CyclicBarrier(8);
      var statuses = new ArrayList<Integer>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var answers = new ArrayList<Future<Answer>>();
        for (int i = 0; i < 8; i++) {
          String body =
              path.equals(PACKAGE)
                  ? "{\"description\":\"%d-%d\"}".formatted(round, i)
                  : WAREHOUSE.formatted("secret-%d-%d".formatted(round, i));
          answers.add(
              threads.submit(() -> {
                barrier.await();
                return conditional("PATCH", path, body, tag);
              }));
        }
        for (Future<Answer> answer : answers) {
          statuses.add(answer.get().status());
        }
      }
      assertThat(statuses).containsOnly(200, 412);
      assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
    }
  }

  @Test
  void tagsAreTheSameAfterARestart(@TempDir Path other) {
    String path = "/api/v0/projects/p";
    String before;
    try (Server first = Server.start(other)) {
      first.client().post("/api/v0/projects", "{\"name\":\"p\"}").expect(201);
      before = first.client().get(path).header("ETag");
    }
    try (Server second = Server.start(other)) {
      assertThat(second.client().get(path).header("ETag")).isEqualTo(before).isNotEmpty();
    }
  }
}
