package dev.ingot;

import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Client;
import dev.ingot.testing.Models;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.SharedServers;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two servers that share a project: one builds, both serve; the second one follows. */
class SharedProjectTest {

  private static final String QUERY = "run: by_customer -> { select: *; order_by: customer }";
  private static final String SLOW =
      "#@ persist\nsource: slow is duckdb.sql(\"\"\"%s\"\"\") -> { aggregate: n is h.max() }\n"
          .formatted(SlowSql.SELECT);

  @TempDir static Path folder;
  private static SharedServers servers;

  @BeforeAll
  static void start() {
    servers = SharedServers.over(folder);
    // No round of the janitor makes or drops a view while a test looks at them.
    String noRounds = "ingot.retention.interval=1h";
    servers.start(noRounds);
    servers.start("ingot.follow-manifest=true", noRounds);
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @Test
  void whoWaitsAtOneServerHearsOfTheEndAtTheOther() {
    List<PackageApi> on = servers.register("waited", Models.BY_CUSTOMER);
    String path = on.getFirst().path() + "/materializations";
    String id = on.getFirst().create("{}");
    Client there = servers.server(1).client();
    var answer =
        CompletableFuture.supplyAsync(
            () -> there.send(there.request(path + "/" + id).header("Prefer", "wait=60").GET()));

    on.getFirst().start(id);

    JsonNode run = answer.join().expect(200).json();
    assertThat(run.path("status").asString()).isEqualTo("SUCCESS");
    JsonNode all = there.get("/api/v0/projects/p/materializations?limit=1").expect(200).json();
    assertThat(all.get(0).path("id").asString()).isEqualTo(id);
  }

  @Test
  void whatOneServerBuildsTheOtherAnswersFrom() {
    List<PackageApi> on = servers.register("both", Models.BY_CUSTOMER);
    PackageApi first = on.getFirst();
    PackageApi second = on.getLast();
    JsonNode live = first.rows("orders.malloy", QUERY);

    first.buildOk();

    JsonNode here = first.query("orders.malloy", QUERY).expect(200).json();
    assertThat(here.path("live")).isEmpty();
    Wait.until(
        "the second follows",
        () ->
            second
                .query("orders.malloy", QUERY)
                .expect(200)
                .json()
                .path("materialized")
                .equals(here.path("materialized")));
    assertThat(second.rows("orders.malloy", QUERY)).isEqualTo(live);
    assertThat(second.manifest().path("entries")).isEqualTo(first.manifest().path("entries"));
    assertThat(what(second.buildOk())).containsExactly("by_customer REUSED UNCHANGED");
  }

  @Test
  void lookingAtWhatTheOtherBuiltMakesNothingOfIt() {
    List<PackageApi> on = servers.register("looked", Models.BY_CUSTOMER);
    PackageApi first = on.getFirst();
    on.getLast().buildOk();
    PackageDatabase database = PackageDatabase.of(servers.server(0), "looked");
    List<String> before = database.contents();
    assertThat(before).noneMatch(relation -> relation.contains("by_customer__"));

    for (String path : List.of("", "/plan", "/manifest", "/manifest/versions", "/models")) {
      servers.server(0).client().get(first.path() + path).expect(200);
    }
    assertThat(database.contents()).isEqualTo(before);

    servers.server(0).client().post(first.path() + "/manifest/reload", "").expect(200);
    assertThat(database.contents()).anyMatch(relation -> relation.contains("by_customer__"));
  }

  @Test
  void aStopReachesTheServerThatBuilds() {
    List<PackageApi> on = servers.register("stopped", SLOW);
    PackageApi first = on.getFirst();
    PackageApi second = on.getLast();
    String id = first.create("{}");
    first.start(id);
    Wait.until(
        "it builds",
        () -> first.get(id).path("targets").path(0).path("status").asString().equals("RUNNING"));

    String other = second.create("{}");
    assertThat(
            servers
                .server(1)
                .client()
                .post(second.path() + "/materializations/" + other + "/start")
                .code())
        .isEqualTo("another_running");
    servers
        .server(1)
        .client()
        .post(second.path() + "/materializations/" + id + "/stop")
        .expect(200);

    assertThat(first.await(id).path("status").asString()).isEqualTo("CANCELLED");
    Wait.until(
        "its statement has ended",
        () -> first.get(id).path("targets").path(0).path("status").asString().equals("CANCELLED"));
  }

  @Test
  void aServerThatLetsGoOfAPackageLeavesItToTheOther() {
    List<PackageApi> on = servers.register("left", Models.BY_CUSTOMER);
    on.getFirst().buildOk();
    on.getLast().build();
    JsonNode answer = on.getLast().query("orders.malloy", QUERY).expect(200).json();

    servers.server(0).client().delete(on.getFirst().path()).expect(204);

    assertThat(on.getLast().query("orders.malloy", QUERY).expect(200).json().path("materialized"))
        .isEqualTo(answer.path("materialized"));
    PackageFiles.orders(servers.server(0).packageFolder("left"), Models.BY_CUSTOMER);
    PackageApi again = servers.server(0).register("left");
    assertThat(again.query("orders.malloy", QUERY).expect(200).json().path("materialized"))
        .isEqualTo(answer.path("materialized"));
  }

  @Test
  void bothServersAreListedWithWhatTheyServe() {
    List<PackageApi> on = servers.register("listed", Models.BY_CUSTOMER);
    on.getFirst().buildOk();

    Wait.until(
        "both serve version 1",
        () ->
            servers
                .server(0)
                .client()
                .get("/api/v0/projects/p/workers")
                .expect(200)
                .json()
                .valueStream()
                .filter(worker ->
                    worker
                        .path("packages")
                        .valueStream()
                        .anyMatch(served ->
                            served.path("packageName").asString().equals("listed")
                                && served.path("version").asLong() == 1))
                .map(worker -> worker.path("name").asString())
                .toList()
                .containsAll(List.of("worker0", "worker1")));
  }
}
