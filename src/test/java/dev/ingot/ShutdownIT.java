package dev.ingot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.DeepSql;
import dev.ingot.testing.JarServer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.RawRequest;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged server, asked to end while it works. */
class ShutdownIT {

  private static final int SIGTERM = 128 + 15;
  private static final String MODEL =
      """
      source: endless_numbers is duckdb.sql(\"""%s\""")
      #@ persist name="endless"
      source: endless is endless_numbers -> { aggregate: x is max(h) }
      source: brief_numbers is duckdb.sql(\"""select hash(range) as h from range(400000000)\""")
      """
          .formatted(SlowSql.SELECT);

  /** DuckDB plans it for ever, and can't be interrupted meanwhile. */
  private static final String STUCK =
      """
      source: deep is duckdb.sql(\"""%s\""")
      #@ persist name="stuck"
      source: stuck is deep -> { aggregate: n is count() }
      """
          .formatted(DeepSql.select(50));

  @TempDir Path folder;

  /** Registers the folder {@code models}. */
  private static PackageApi register(JarServer server) {
    server.client().post("/api/v0/projects", "{\"name\":\"p\"}").expect(201);
    server
        .client()
        .post("/api/v0/projects/p/packages", "{\"name\":\"slow\",\"location\":\"models\"}")
        .expect(201);
    return new PackageApi(server.client(), "/api/v0/projects/p/packages/slow");
  }

  /** A package, of which a run builds a table that takes hours. */
  private PackageApi startRun(JarServer server) {
    return startRun(server, MODEL);
  }

  private PackageApi startRun(JarServer server, String model) {
    PackageFiles.create(folder.resolve("models")).model("slow.malloy", model);
    PackageApi slow = register(server);
    String run = slow.path() + "/materializations/" + slow.create("{}");
    server.client().post(run + "/start").expect(202);
    Wait.until(
        "the table is being built",
        () ->
            server
                .client()
                .get(run)
                .json()
                .path("targets")
                .path(0)
                .path("status")
                .asString()
                .equals("RUNNING"));
    return slow;
  }

  /** Sends a query; when this returns the server has it, for it has answered a later request. */
  private static Socket ask(JarServer server, PackageApi slow, String text) throws IOException {
    Socket query =
        RawRequest.post(
            server.url(),
            slow.path() + "/models/slow.malloy/query",
            "{\"query\":\"run: %s\"}".formatted(text));
    server.client().get("/api/v0/status").expect(200);
    return query;
  }

  private static String answer(Socket query) throws IOException {
    try (query) {
      return new String(query.getInputStream().readAllBytes(), UTF_8);
    } catch (SocketException e) {
      // The server went without an answer.
      return "";
    }
  }

  /** Ends it, and says how long that took, in milliseconds. */
  private static long terminate(JarServer server) throws InterruptedException {
    List<ProcessHandle> compilers =
        ProcessHandle.of(server.pid()).orElseThrow().children().toList();
    assertThat(compilers).isNotEmpty();
    long begin = System.nanoTime();
    server.terminate();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    compilers.forEach(compiler -> compiler.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    assertThat(server.exitCode()).isEqualTo(SIGTERM);
    return millis;
  }

  @Test
  void requestsAreAnsweredAndRunsEndAsFailedAndNothingIsLeft()
      throws IOException, InterruptedException {
    try (JarServer server = JarServer.start(folder, "ingot.sample=false")) {
      PackageApi slow = startRun(server);
      Socket query = ask(server, slow, "brief_numbers -> { aggregate: x is max(h) }");

      long millis = terminate(server);

      System.out.println("ShutdownIT: with a query under way " + millis + " ms");
      assertThat(answer(query)).startsWith("HTTP/1.1 200");
    }
    try (JarServer server = JarServer.start(folder, "ingot.sample=false")) {
      var slow = new PackageApi(server.client(), "/api/v0/projects/p/packages/slow");
      var run = server.client().get(slow.path() + "/materializations").json().path(0);

      assertThat(run.path("status").asString()).isEqualTo("FAILED");
      assertThat(run.path("error").asString()).isEqualTo("the server was stopped");
      assertThat(run.path("targets").path(0).path("status").asString()).isEqualTo("CANCELLED");
      assertThat(slow.manifest().path("entries")).isEmpty();
      System.out.println("ShutdownIT: with nothing to do " + terminate(server) + " ms");
    }
  }

  @Test
  void aQueryThatOutlastsTheGraceIsCancelled() throws IOException, InterruptedException {
    try (JarServer server =
        JarServer.start(folder, "ingot.sample=false", "ingot.shutdown-grace=1s")) {
      PackageApi slow = startRun(server);
      Socket query = ask(server, slow, "endless_numbers -> { aggregate: x is max(h) }");

      long millis = terminate(server);

      System.out.println("ShutdownIT: with a query without end " + millis + " ms");
      assertThat(millis).isBetween(1000L, 10_000L);
      assertThat(answer(query)).doesNotStartWith("HTTP/1.1 200");
    }
  }

  @Test
  void whateverRunsItEndsWithinTheGraceAndTwoSeconds() throws IOException, InterruptedException {
    String[] settings = {"ingot.sample=false", "ingot.shutdown-grace=3s"};
    try (JarServer server = JarServer.start(folder, settings)) {
      PackageApi slow = startRun(server, STUCK);
      Socket query = ask(server, slow, "deep -> { aggregate: n is count() }");

      long millis = terminate(server);

      System.out.println("ShutdownIT: with what can't be interrupted " + millis + " ms");
      // The grace and two seconds, with as much again for a busy machine.
      assertThat(millis).isLessThan(9000);
      assertThat(answer(query)).doesNotStartWith("HTTP/1.1 200");
    }
    try (JarServer server = JarServer.start(folder, settings)) {
      var slow = new PackageApi(server.client(), "/api/v0/projects/p/packages/slow");
      var run = server.client().get(slow.path() + "/materializations").json().path(0);
      assertThat(run.path("status").asString()).isEqualTo("FAILED");
      assertThat(run.path("targets").path(0).path("error").asString()).contains("still runs");

      String id = slow.create("{}");
      slow.start(id);
      Wait.until(
          "it is planned",
          () -> slow.get(id).path("targets").path(0).path("status").asString().equals("RUNNING"));
      server.client().delete(slow.path() + "?stop=true").expect(202);
      assertThat(terminate(server)).isLessThan(9000);
    }
    Path database = folder.resolve(".ingot/databases/p/slow/package.duckdb");
    assertThat(database).exists();
    try (JarServer server = JarServer.start(folder, settings)) {
      Wait.until("the file of the deleted package is gone", () -> !Files.exists(database));
      assertThat(server.isAlive()).isTrue();
    }
  }

  @Test
  void afterAKillTheCompilersEndByThemselves() throws IOException, InterruptedException {
    try (JarServer server = JarServer.start(folder)) {
      server.sample().named("rush_hours.malloy", "busiest_hours").expect(200);
      List<ProcessHandle> compilers =
          ProcessHandle.of(server.pid()).orElseThrow().children().toList();
      assertThat(compilers).isNotEmpty();

      server.kill();

      compilers.forEach(compiler -> compiler.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }
  }

  /** A process that computes doesn't see that its input has ended. */
  @Test
  void afterAKillACompilerThatHangsEndsToo() throws IOException, InterruptedException {
    var model = new StringBuilder("source: bomb is duckdb.sql('select 1 as x') extend {\n");
    model.append("dimension: d0 is x + x\n");
    for (int i = 1; i <= 40; i++) {
      model.append("dimension: d%d is d%d + d%d\n".formatted(i, i - 1, i - 1));
    }
    PackageFiles.create(folder.resolve("models")).file("slow.malloy", model + "}\n");
    try (JarServer server = JarServer.start(folder, "ingot.sample=false")) {
      PackageApi slow = register(server);
      List<ProcessHandle> compilers =
          ProcessHandle.of(server.pid()).orElseThrow().children().toList();
      try (Socket query =
          ask(server, slow, "bomb -> { group_by: d40 } -> { aggregate: n is count() }")) {
        Wait.until("a compiler hangs", () -> compilers.stream().anyMatch(ShutdownIT::hasComputed));

        server.kill();

        compilers.forEach(compiler -> compiler.onExit().orTimeout(10, TimeUnit.SECONDS).join());
      }
    }
  }

  private static boolean hasComputed(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() > 2500;
  }
}
