package dev.ingot.faults;

import dev.ingot.testing.Client;
import dev.ingot.testing.JarServer;
import dev.ingot.testing.OwnPostgres;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Topology;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;

/**
 * Three workers from the jar that share a project: one to build, one that is told to reload, and
 * one that follows. Each has its own way to the catalog and to the bucket, and all of it can be
 * made to fail. It serves all tests of this JVM, each with a package of its own, and each leaves it
 * whole.
 */
final class Cluster {

  /** The worker that builds until something happens to it. */
  static final int A = 0;

  /** The worker that takes over. */
  static final int B = 1;

  /** The worker that follows. */
  static final int C = 2;

  static final int WORKERS = 3;

  /** -Dingot.test.lease=10s for what servers have by default. */
  static final Duration LEASE =
      DurationStyle.detectAndParse(System.getProperty("ingot.test.lease", "4s"));

  /** -Dingot.test.seed= repeats what was random. */
  static final long SEED = Long.getLong("ingot.test.seed", System.nanoTime());

  private final Path folder;
  private final OwnPostgres postgres = TestPostgres.own();
  private final TestDatabase catalog = postgres.database();
  private final Topology topology;

  private Cluster() {
    System.out.println("-Dingot.test.seed=" + SEED);
    try {
      folder = Files.createTempDirectory("ingot-cluster");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    FaultDag.create(folder.resolve("packages/idle"));
    topology =
        Topology.in(folder)
            .workers(WORKERS)
            .catalog(catalog)
            .behindProxies()
            .pack("idle")
            .settings(
                "ingot.lease=%dms".formatted(LEASE.toMillis()),
                "ingot.heartbeat=%dms".formatted(LEASE.toMillis() / 8),
                // Nothing is kept for its age, so that whatever is left behind shows.
                "ingot.retention.min-age=0s",
                "ingot.retention.versions=1",
                "ingot.retention.interval=3s")
            .settingsOf(C, "ingot.follow-manifest=true")
            .start();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(topology::close));
  }

  /** The one of this JVM. */
  static Cluster shared() {
    return Shared.CLUSTER;
  }

  Topology topology() {
    return topology;
  }

  OwnPostgres postgres() {
    return postgres;
  }

  TestDatabase catalog() {
    return catalog;
  }

  JarServer worker(int i) {
    return topology.worker(i);
  }

  /** Writes a package and registers it with every worker. */
  SharedDag register(String name) {
    return register(name, FaultDag.create(location(name)));
  }

  /** Registers one that lies at its {@link #location}. */
  SharedDag register(String name, FaultDag dag) {
    for (int i = 0; i < WORKERS; i++) {
      Client client = topology.client(i);
      Wait.until("worker %d reaches its catalog".formatted(i), () -> reachesCatalog(client));
    }
    return new SharedDag(this, name, dag);
  }

  static boolean reachesCatalog(Client client) {
    return client
        .get("/health/readiness")
        .json()
        .path("details")
        .path("catalogs")
        .path(Topology.PROJECT)
        .path("status")
        .asString()
        .equals("UP");
  }

  /** Where this package's files lie. */
  Path location(String name) {
    return folder.resolve("packages").resolve(name);
  }

  /** What the workers said, for the message of a test that fails. */
  List<String> outputs() {
    return List.of(worker(A).output(), worker(B).output(), worker(C).output());
  }

  private static final class Shared {
    static final Cluster CLUSTER = new Cluster();
  }
}
