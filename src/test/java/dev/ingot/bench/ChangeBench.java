package dev.ingot.bench;

import dev.ingot.testing.Client;
import dev.ingot.testing.JarServer;
import dev.ingot.testing.PackageApi;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs with little to do, on the packaged server, as a client sees them: from the request to start
 * until SUCCESS; those that build something by the times on record. The compilation of a changed
 * model is asked for before, as a plan, and counted apart.
 */
class ChangeBench {

  private static final int IDLE_ROUNDS = 40;

  /** Until then the JVM compiles the code of runs, on the processors that these take. */
  private static final int WARM_UP = 60;

  private static final Duration PAUSE = Duration.ofMillis(2);

  @TempDir Path folder;

  private final Figures figures = new Figures();

  @Test
  void aRunTakesAboutWhatItsChangesTake()
      throws IOException, SQLException, ExecutionException, InterruptedException {
    var made =
        GeneratedPackage.create(
            folder.toRealPath().resolve("changes"), Settings.WIDTH, Settings.DEPTH, Settings.ROWS);
    try (JarServer server = JarServer.start(folder, "ingot.sample=false");
        BareDuckDb bare =
            BareDuckDb.open(folder.resolve("bare.duckdb"), made.folder(), Settings.PROCESSORS)) {
      PackageApi api = made.register(server.client());
      bare.build(Run.of(api, "{}", Settings.PAUSE).built(), 2);
      for (int round = -WARM_UP; round < IDLE_ROUNDS; round++) {
        // The one before still cleans up for a moment, and this one would wait for it.
        LockSupport.parkNanos(Settings.PAUSE.toNanos());
        Figures into = round < 0 ? new Figures() : figures;
        into.add("nothing to do", Run.of(api, "{}", PAUSE).seen());
      }
      for (int round = -1; round < Settings.ROUNDS; round++) {
        Figures into = round < 0 ? new Figures() : figures;
        int index = (round + 1) % Settings.WIDTH;
        made.edit(Settings.DEPTH - 1, index);
        change(server.client(), api, bare, "leaf", into);
        made.edit(0, index);
        change(server.client(), api, bare, "root", into);
      }
    }
    figures.say("nothing to do: %.0f ms (goal 50)".formatted(figures.median("nothing to do")));
    for (String what : new String[] {"leaf", "root"}) {
      figures.say(
          "%s beside its compilation and its bare cost: %.0f ms (goal 200)"
              .formatted(what, figures.median(what + ": run beside bare")));
    }
    figures.print("Runs with little to do, ms");
  }

  private static void change(
      Client client, PackageApi api, BareDuckDb bare, String what, Figures into)
      throws ExecutionException, InterruptedException {
    long before = System.nanoTime();
    client.get(api.path() + "/plan").expect(200);
    into.add(what + ": compile and plan", Duration.ofNanos(System.nanoTime() - before));
    // By its own times, because every look at it takes a processor from the build.
    Run run = Run.of(api, "{}", Settings.PAUSE);
    Duration took = run.plan().plus(run.build()).plus(run.write());
    Duration alone = bare.build(run.built(), 2);
    into.add(what + ": run", took);
    into.add(what + ": its BUILD", run.build());
    into.add(what + ": bare", alone);
    // Of each pair, for the machine doesn't stay as fast as it is.
    into.add(what + ": run beside bare", took.minus(alone));
    into.add(what + ": tables", run.built().size());
  }
}
