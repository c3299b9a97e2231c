package dev.ingot.bench;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.JarServer;
import dev.ingot.testing.PackageApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The memory of the packaged server while it builds everything: what the operating system says its
 * processes hold (Pss: what they share counts once), and what {@code duckdb_memory()} of the
 * package's database says that DuckDB's own buffers hold, both ten times a second.
 */
class MemoryBench {

  private static final double MIB = 1 << 20;
  private static final String PROCESSES = "JVM and Node";
  private static final String BUFFERS = "DuckDB's buffers";

  @TempDir Path folder;

  private final Figures figures = new Figures();

  @Test
  void aServerThatBuildsStaysSmall() throws IOException, SQLException {
    assumeTrue(
        Files.isReadable(Path.of("/proc/self/smaps_rollup")),
        "there is no smaps_rollup to look at");
    var made =
        GeneratedPackage.create(
            folder.toRealPath().resolve("memory"), Settings.WIDTH, Settings.DEPTH, Settings.ROWS);
    try (JarServer server = JarServer.start(folder, "ingot.sample=false")) {
      Client client = server.client();
      client.post("/api/v0/projects", "{\"name\":\"p\"}").expect(201);
      client
          .post(
              "/api/v0/projects/p/packages",
              "{\"name\":\"memory\",\"location\":\"%s\"}".formatted(made.folder()))
          .expect(201);
      var api = new PackageApi(client, "/api/v0/projects/p/packages/memory");
      for (int round = 0; round < Settings.ROUNDS; round++) {
        build(server, api);
      }
    }
    // The two are read one after the other, so a single moment may be off.
    figures.say(
        "most of the processes less most of DuckDB's buffers: %.0f MiB (goal 600 MB = 572 MiB)"
            .formatted(figures.most(PROCESSES) - figures.most(BUFFERS)));
    figures.print(
        "Memory of the server while it builds, MiB, with " + System.getProperty("ingot.test.java"));
  }

  private void build(JarServer server, PackageApi api) {
    try (var timer = Executors.newSingleThreadScheduledExecutor()) {
      var looking =
          timer.scheduleWithFixedDelay(
              () -> look(server.pid(), api), 0, 100, TimeUnit.MILLISECONDS);
      Run.of(api, "{\"forceRefresh\":true}", Settings.PAUSE);
      looking.cancel(false);
    }
  }

  private void look(long pid, PackageApi api) {
    Answer answer =
        api.query("memory.malloy", "run: memory -> { aggregate: n is memory_usage_bytes.sum() }");
    double duckdb = answer.expect(200).rows().path(0).path("n").asDouble() / MIB;
    double jvm = resident(pid);
    double node =
        ProcessHandle.of(pid).stream()
            .flatMap(ProcessHandle::descendants)
            .mapToDouble(child -> resident(child.pid()))
            .sum();
    figures.add("JVM", jvm);
    figures.add("Node", node);
    figures.add(PROCESSES, jvm + node);
    figures.add(BUFFERS, duckdb);
    figures.add("the rest, at one moment", jvm + node - duckdb);
  }

  /** In MiB. */
  private static double resident(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      return lines
              .filter(line -> line.startsWith("Pss:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElse(0)
          / 1024.0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
