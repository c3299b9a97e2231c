package dev.ingot.state.catalog;

import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.project.PackageKey;
import dev.ingot.state.catalog.SharedCatalog.Server;
import dev.ingot.state.store.Race;
import dev.ingot.testing.OwnPostgres;
import dev.ingot.testing.TestPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything that two servers do to a catalog, at random and at once. */
@Timeout(180)
class CatalogMixTest {

  private static final int THREADS = 10;
  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("ingot.test.mix", 3));
  private static final long SEED = Long.getLong("ingot.test.seed", System.nanoTime());
  private static final List<PackageKey> KEYS =
      List.of(PackageKey.of("p", "a"), PackageKey.of("p", "b"));

  @TempDir static Path folder;

  private final Map<String, Integer> done = new ConcurrentHashMap<>();
  private final Map<String, Optional<Long>> published = new ConcurrentHashMap<>();

  /** A server, and what keeps its janitor away from packages that it has a run of. */
  private record Worker(Server server, ServingRows serving, Map<PackageKey, ReadWriteLock> turns) {

    static Worker of(Server server) {
      var turns = new ConcurrentHashMap<PackageKey, ReadWriteLock>();
      KEYS.forEach(key -> turns.put(key, new ReentrantReadWriteLock()));
      return new Worker(server, server.serving, turns);
    }

    ReadWriteLock turn(PackageKey key) {
      return turns.getOrDefault(key, new ReentrantReadWriteLock());
    }
  }

  @Test
  void nothingWaitsForEachOtherForEver() throws Exception {
    // Of its own, so that its count of deadlocks is this test's.
    try (OwnPostgres postgres = TestPostgres.own();
        var catalog = new SharedCatalog(postgres.database(), folder.toRealPath())) {
      List<Worker> workers =
          List.of(
              Worker.of(catalog.server(SharedCatalog.LONG)),
              Worker.of(catalog.server(SharedCatalog.LONG)));
      workers.forEach(worker -> worker.server().pending(KEYS.getFirst()));
      long end = System.nanoTime() + TIME.toNanos();
      System.out.printf("Mix: seed %d%n", SEED);

      Race.atOnce(
          THREADS,
          thread -> {
            var random = new Random(SEED + thread);
            while (System.nanoTime() < end) {
              step(catalog, workers.get(thread % 2), random);
            }
            return true;
          });

      Server server = workers.getFirst().server();
      assertThat(
              catalog.value(
                  "SELECT coalesce(max(n), 0) <= 1 FROM (SELECT count(*) AS n FROM runs WHERE status = 'RUNNING' GROUP BY package) AS running"))
          .isEqualTo("t");
      for (Map.Entry<String, Optional<Long>> said : published.entrySet()) {
        assertThat(
                catalog.value(
                    "SELECT count(*) FROM versions WHERE run = '%s' AND version <> %d"
                        .formatted(said.getKey(), said.getValue().orElse(-1L))))
            .as("seed %d: %s", SEED, said)
            .isEqualTo("0");
      }
      for (PackageKey key : KEYS) {
        for (ManifestVersion version : server.manifests.versions(key)) {
          assertThat(version.entries()).as("seed %d: %s", SEED, version).hasSize(1);
        }
      }
      assertThat(
              catalog.value(
                  "SELECT count(*) FROM versions v JOIN generations g ON g.run = v.run WHERE g.condemned"))
          .as("seed %d: retained and condemned", SEED)
          .isEqualTo("0");
      // A session tells what it counted when it ends.
      catalog.close();
      assertThat(
              catalog.value(
                  "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
          .as("deadlocks with seed %d", SEED)
          .isEqualTo("0");
      System.out.printf("Mix: %s in %d s, 0 deadlocks%n", new TreeMap<>(done), TIME.toSeconds());
    }
  }

  private void step(SharedCatalog catalog, Worker worker, Random random) throws SQLException {
    PackageKey key = KEYS.get(random.nextInt(KEYS.size()));
    Server server = worker.server();
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> run(worker, key, random);
      case 3 -> {
        server.catalog.leases().renew();
        worker.serving().write(key, Set.of((long) random.nextInt(9)), 0);
        count("renew and serve");
      }
      case 4 -> {
        List<Long> numbers =
            server.manifests.versions(key).stream().skip(2).map(ManifestVersion::number).toList();
        server.manifests.forgetVersions(key, numbers);
        count("forget versions");
      }
      case 5 -> condemn(worker, key);
      case 6 -> lose(catalog, server, key);
      default -> {
        server.runs.trim(key, 5);
        count("trim");
      }
    }
  }

  private void run(Worker worker, PackageKey key, Random random) {
    Server server = worker.server();
    worker.turn(key).readLock().lock();
    try {
      Materialization run = server.pending(key);
      if (server.runs.claim(key, run.id(), NOW) instanceof Claim.Granted) {
        ManifestEntry entry = server.entry(run, "t" + random.nextInt(3));
        count("claim");
        if (random.nextInt(4) == 0) {
          server.end(run, MaterializationStatus.RUNNING, MaterializationStatus.CANCELLED);
          count("end");
        } else {
          Optional<Long> version = server.publish(run, List.of(entry), NOW, List.of());
          published.put(run.id(), version);
          count(version.isPresent() ? "publish" : "publish too late");
        }
      } else {
        server.end(run, MaterializationStatus.PENDING, MaterializationStatus.CANCELLED);
        count("busy");
      }
    } finally {
      worker.turn(key).readLock().unlock();
    }
  }

  private void condemn(Worker worker, PackageKey key) {
    worker.turn(key).writeLock().lock();
    try {
      worker
          .server()
          .manifests
          .condemn(key, NOW, Set.of())
          .forEach(gone -> {
            worker.server().manifests.forget(gone);
            count("forget generation");
          });
      count("condemn");
    } finally {
      worker.turn(key).writeLock().unlock();
    }
  }

  /** Of whichever server it is. */
  private void lose(SharedCatalog catalog, Server server, PackageKey key) throws SQLException {
    for (Materialization run : server.runs.list(key, MaterializationStatus.RUNNING, 1, 0)) {
      catalog.update(
          "UPDATE running SET expires_at = clock_timestamp() AT TIME ZONE 'UTC' - interval '1 ms' WHERE run = '%s'"
              .formatted(run.id()));
      if (server.runs.lose(key, run.id(), NOW)) {
        count("lose");
      }
    }
  }

  private void count(String what) {
    done.merge(what, 1, Integer::sum);
  }
}
