package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.JarServer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The packaged server with one carrier for all of its virtual threads: a single native call that
 * held it would be the last thing that any run does.
 */
class OneCarrierIT {

  private static final List<String> ONE_CARRIER =
      List.of(
          "-Djdk.virtualThreadScheduler.parallelism=1",
          "-Djdk.virtualThreadScheduler.maxPoolSize=1");

  /** As many as there are places. */
  private static final int BUILDS = 3;

  private static final Duration AT_ONCE = Duration.ofSeconds(20);

  private static final String ENDLESS =
      """
      source: numbers is duckdb.sql(\"""%s\""")
      #@ persist name="highest"
      source: highest is numbers -> { aggregate: x is max(h) }
      #@ persist name="lowest"
      source: lowest is numbers -> { aggregate: x is min(h) }
      #@ persist name="counted"
      source: counted is numbers -> { aggregate: x is count(h) }
      #@ persist name="raised"
      source: raised is numbers -> { aggregate: x is max(h) + 1 }
      """
          .formatted(SlowSql.SELECT);

  private static final String BRIEF =
      """
      source: few is duckdb.sql(\"""select range as n from range(7)\""")
      #@ persist name="brief"
      source: brief is few -> { aggregate: x is max(n) }
      """;

  @TempDir Path folder;

  private PackageApi register(JarServer server, String name, String model) {
    PackageFiles.create(folder.resolve(name)).model(name + ".malloy", model);
    server
        .client()
        .post(
            "/api/v0/projects/p/packages",
            "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(name, name))
        .expect(201);
    return new PackageApi(server.client(), "/api/v0/projects/p/packages/" + name);
  }

  private static List<String> statuses(JarServer server, String run) {
    JsonNode targets = server.client().get(run).json().path("targets");
    return targets.valueStream().map(target -> target.path("status").asString()).toList();
  }

  private static boolean building(List<String> statuses) {
    return statuses.stream().filter("RUNNING"::equals).count() == BUILDS;
  }

  @Test
  void endlessBuildsInAllPlacesKeepNeitherAStopNorAQueryNorAnotherRunWaiting() throws IOException {
    try (JarServer server =
        JarServer.start(
            folder, ONE_CARRIER, "ingot.sample=false", "ingot.build.parallelism=" + BUILDS)) {
      server.client().post("/api/v0/projects", "{\"name\":\"p\"}").expect(201);
      PackageApi brief = register(server, "brief", BRIEF);
      PackageApi endless = register(server, "endless", ENDLESS);
      String run = endless.path() + "/materializations/" + endless.create("{}");
      server.client().post(run + "/start").expect(202);
      Wait.until("all places are taken", () -> building(statuses(server, run)));

      CompletableFuture<String> other =
          CompletableFuture.supplyAsync(() -> brief.build("{}").path("status").asString());
      CompletableFuture<Answer> query =
          CompletableFuture.supplyAsync(
              () -> endless.query("endless.malloy", "run: numbers -> { select: h; limit: 1 }"));
      assertThat(other).succeedsWithin(AT_ONCE).isEqualTo("SUCCESS");
      assertThat(query).succeedsWithin(AT_ONCE);
      query.join().expect(200);
      assertThat(building(statuses(server, run))).as("they are still built").isTrue();

      CompletableFuture<Answer> stop =
          CompletableFuture.supplyAsync(() -> server.client().post(run + "/stop"));
      CompletableFuture<Answer> meanwhile =
          CompletableFuture.supplyAsync(
              () -> endless.query("endless.malloy", "run: numbers -> { select: h; limit: 1 }"));
      assertThat(stop).succeedsWithin(AT_ONCE);
      assertThat(meanwhile).succeedsWithin(AT_ONCE);
      assertThat(stop.join().expect(200).json().path("status").asString()).isEqualTo("CANCELLED");
      meanwhile.join().expect(200);
      Wait.until(
          "its statements have ended",
          () -> List.of("CANCELLED").containsAll(statuses(server, run)));
    }
  }
}
