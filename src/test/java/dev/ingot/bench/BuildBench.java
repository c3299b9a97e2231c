package dev.ingot.bench;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * A build of everything against the same statements on DuckDB alone: in one process, in turns, each
 * into a new file, with the settings of the package's own database.
 */
class BuildBench {

  private static final String BUILD = "server: BUILD";
  private static final String BARE = "DuckDB alone, %d at once";

  @TempDir Path folder;

  private final Figures figures = new Figures();

  @Test
  void aBuildTakesAboutWhatItsStatementsTake()
      throws IOException, SQLException, ExecutionException, InterruptedException {
    try (Server server = Server.start(folder, Settings.SERVER)) {
      var made =
          GeneratedPackage.create(
              server.packageFolder("bench"), Settings.WIDTH, Settings.DEPTH, Settings.ROWS);
      server.client().post("/api/v0/projects", "{\"name\":\"p\"}").expect(201);
      round(server, made, "warm_up", new Figures());
      for (int round = 0; round < Settings.ROUNDS; round++) {
        round(server, made, "round_" + round, figures);
      }
    }
    String best = figures.least(BARE.formatted(1), BARE.formatted(2), BARE.formatted(3));
    double bare = figures.median(best);
    figures.say("BUILD / best bare: %.2f (goal 1.15)".formatted(figures.median(BUILD) / bare));
    figures.say(
        "whole run / best bare: %.2f".formatted(figures.median("server: whole run") / bare));
    figures.print(
        "A build of %d tables over %,d rows, ms"
            .formatted(Settings.WIDTH * Settings.DEPTH, Settings.ROWS));
  }

  private void round(Server server, GeneratedPackage made, String name, Figures into)
      throws SQLException, IOException, ExecutionException, InterruptedException {
    String packages = "/api/v0/projects/p/packages";
    server
        .client()
        .post(packages, "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(name, made.folder()))
        .expect(201);
    Run run = Run.of(new PackageApi(server.client(), packages + "/" + name), "{}", Settings.PAUSE);
    into.add("server: PLAN", run.plan());
    into.add(BUILD, run.build());
    into.add("server: WRITE", run.write());
    into.add("server: whole run", run.plan().plus(run.build()).plus(run.write()));
    Map<String, String> settings = settings(server);
    server.client().delete(packages + "/" + name).expect(204);
    for (int atOnce = 1; atOnce <= 3; atOnce++) {
      into.add(BARE.formatted(atOnce), bare(run, made, settings, atOnce));
    }
    into.add("DuckDB alone, threads=1, 2 at once", bare(run, made, oneThread(settings), 2));
  }

  private Duration bare(Run run, GeneratedPackage made, Map<String, String> settings, int atOnce)
      throws SQLException, IOException, ExecutionException, InterruptedException {
    Path file = Files.createTempDirectory(folder, "bare").resolve("package.duckdb");
    try (var bare = BareDuckDb.open(file, made.folder(), settings)) {
      return bare.build(run.built(), atOnce);
    } finally {
      Files.delete(file);
    }
  }

  private static Map<String, String> oneThread(Map<String, String> settings) {
    var changed = new LinkedHashMap<>(settings);
    changed.put("threads", "1");
    return changed;
  }

  /** Of the server's databases, in DuckDB's words. */
  private static Map<String, String> settings(Server server) {
    Environment given = server.bean(Environment.class);
    int threads = given.getProperty("ingot.duckdb.threads", Integer.class, 0);
    DataSize memory = DataSize.parse(given.getProperty("ingot.duckdb.memory-limit", "2GB"));
    var settings = new LinkedHashMap<>(Settings.PROCESSORS);
    if (threads > 0) {
      settings.put("threads", Integer.toString(threads));
    }
    settings.put("memory_limit", memory.toMegabytes() + "MiB");
    settings.put("TimeZone", "UTC");
    return settings;
  }
}
