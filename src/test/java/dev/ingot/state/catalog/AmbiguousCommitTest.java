package dev.ingot.state.catalog;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.state.catalog.SharedCatalog.Server;
import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.OwnPostgres;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commits whose answer is lost: what a publication says is what the database has. */
@Timeout(180)
class AmbiguousCommitTest {

  private static final int RESTARTS = Integer.getInteger("ingot.test.restarts", 3);
  private static final long SEED = Long.getLong("ingot.test.seed", System.nanoTime());

  private static final String STAND =
      """
      CREATE FUNCTION stand() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(1); RETURN NULL; END'
      """;

  private static final String COMMITTING =
      """
      SELECT count(*) FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'active' AND query = 'COMMIT'
      """;

  private static final String BREAK_OFF =
      COMMITTING.replace("count(*)", "count(pg_terminate_backend(pid))");

  @TempDir static Path folder;

  @Test
  void aCommitThatIsDoneAfterItsConnectionBrokeIsAnsweredAsDone() throws Exception {
    try (var catalog = new SharedCatalog(folder.toRealPath());
        var proxy = FaultyProxy.to(catalog.database().host(), catalog.database().port());
        var executor = Executors.newSingleThreadExecutor()) {
      Server a = throughProxy(catalog, proxy);
      Materialization run = a.running(KEY);
      ManifestEntry entry = a.entry(run, "a");
      slowCommits(catalog, "versions");
      Future<Optional<Long>> published =
          executor.submit(() -> a.publish(run, List.of(entry), NOW, List.of()));

      Wait.until("it commits", () -> value(catalog, COMMITTING).equals("1"));
      proxy.disconnect();

      assertThat(published.get()).contains(1L);
      assertThat(a.status(run)).isEqualTo(MaterializationStatus.SUCCESS);
      assertThat(a.manifests.versions(KEY)).hasSize(1);
      assertThat(a.manifests.current(KEY).orElseThrow().entries()).containsExactly(entry);
    }
  }

  @Test
  void aCommitThatIsNotDoneIsDoneAgainOnce() throws Exception {
    try (var catalog = new SharedCatalog(folder.toRealPath());
        var proxy = FaultyProxy.to(catalog.database().host(), catalog.database().port());
        var executor = Executors.newSingleThreadExecutor()) {
      Server a = throughProxy(catalog, proxy);
      Materialization run = a.running(KEY);
      ManifestEntry entry = a.entry(run, "a");
      slowCommits(catalog, "versions");
      Future<Optional<Long>> published =
          executor.submit(() -> a.publish(run, List.of(entry), NOW, List.of()));

      Wait.until("a commit is broken off", () -> value(catalog, BREAK_OFF).equals("1"));

      assertThat(published.get()).contains(1L);
      assertThat(a.status(run)).isEqualTo(MaterializationStatus.SUCCESS);
      assertThat(a.manifests.versions(KEY)).hasSize(1);
    }
  }

  @Test
  void aClaimThatIsDoneAfterItsConnectionBrokeIsGrantedOnce() throws Exception {
    try (var catalog = new SharedCatalog(folder.toRealPath());
        var proxy = FaultyProxy.to(catalog.database().host(), catalog.database().port());
        var executor = Executors.newSingleThreadExecutor()) {
      Server a = throughProxy(catalog, proxy);
      Materialization run = a.pending(KEY);
      slowCommits(catalog, "running");
      Future<Claim> claimed = executor.submit(() -> a.runs.claim(KEY, run.id(), NOW));

      Wait.until("it commits", () -> value(catalog, COMMITTING).equals("1"));
      proxy.disconnect();

      assertThat(claimed.get()).isInstanceOf(Claim.Granted.class);
      assertThat(a.runs.claim(KEY, run.id(), NOW)).isInstanceOf(Claim.WrongState.class);
      assertThat(a.publish(run, List.of(), NOW, List.of())).contains(1L);
    }
  }

  @Test
  void aClaimThatIsNotDoneLeavesItsRunPending() throws Exception {
    try (var catalog = new SharedCatalog(folder.toRealPath());
        var executor = Executors.newSingleThreadExecutor()) {
      Server a = catalog.server(SharedCatalog.LONG);
      Materialization run = a.pending(KEY);
      slowCommits(catalog, "running");
      Future<Claim> claimed = executor.submit(() -> a.runs.claim(KEY, run.id(), NOW));

      Wait.until("a commit is broken off", () -> value(catalog, BREAK_OFF).equals("1"));

      assertThat(claimed)
          .failsWithin(Duration.ofMinutes(1))
          .withThrowableOfType(ExecutionException.class)
          .havingCause()
          .isInstanceOfSatisfying(
              Fault.class, e -> assertThat(e.code()).isEqualTo(FaultCode.CATALOG_UNAVAILABLE));
      assertThat(a.runs.claim(KEY, run.id(), NOW)).isInstanceOf(Claim.Granted.class);
    }
  }

  private static Server throughProxy(SharedCatalog catalog, FaultyProxy proxy) {
    return catalog.server(SharedCatalog.LONG, catalog.database().url("127.0.0.1", proxy.port()));
  }

  /** Makes a commit that inserts a row take a second. */
  private static void slowCommits(SharedCatalog catalog, String table) throws SQLException {
    catalog.update(STAND);
    catalog.update(
        """
        CREATE CONSTRAINT TRIGGER stand AFTER INSERT ON %s
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stand()
        """
            .formatted(table));
  }

  private static String value(SharedCatalog catalog, String sql) {
    try {
      return catalog.value(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a publication said; a fault says that nothing was published. */
  private record Said(Materialization run, Optional<Long> version, boolean failed) {}

  @Test
  void whatAPublicationSaysIsWhatTheDatabaseHasHoweverOftenThatRestarts() throws Exception {
    try (OwnPostgres postgres = TestPostgres.own();
        var catalog = new SharedCatalog(postgres.database(), folder.toRealPath());
        var executor = Executors.newSingleThreadExecutor()) {
      Server a = catalog.server(SharedCatalog.LONG);
      a.pending(KEY);
      var random = new Random(SEED);
      var begun = new AtomicInteger();
      var said = new ArrayList<Said>();
      Future<List<Said>> publishing = executor.submit(() -> publish(a, begun));
      for (int i = 0; i < RESTARTS; i++) {
        int next = begun.get() + 1 + random.nextInt(4);
        int spins = random.nextInt(20_000);
        Wait.until("more is published", () -> begun.get() >= next || publishing.isDone());
        for (int spin = 0; spin < spins; spin++) {
          Thread.onSpinWait();
        }
        postgres.restartImmediately();
      }
      begun.addAndGet(1_000_000);
      said.addAll(publishing.get());

      int success = 0;
      for (Said one : said) {
        String row =
            catalog.value(
                "SELECT status || coalesce(' ' || (SELECT version FROM versions WHERE run = id), '') FROM runs WHERE id = '%s'"
                    .formatted(one.run().id()));
        assertThat(row)
            .as("seed %d: %s", SEED, one)
            .isEqualTo(one.version().map(version -> "SUCCESS " + version).orElse("FAILED"));
        success += one.version().isPresent() ? 1 : 0;
      }
      assertThat(success).isPositive();
      System.out.printf(
          "Commits: %d publications during %d restarts, %d published, %d failed with a fault, 0 ambiguous (seed %d)%n",
          said.size(), RESTARTS, success, said.stream().filter(Said::failed).count(), SEED);
    }
  }

  /** Publishes until as many were begun as nobody begins. */
  private static List<Said> publish(Server server, AtomicInteger begun) {
    var said = new ArrayList<Said>();
    while (begun.get() < 1_000_000) {
      Materialization run = again(() -> server.pending(KEY));
      Claim claim = again(() -> server.runs.claim(KEY, run.id(), NOW));
      if (claim instanceof Claim.Busy(String stranded)) {
        // Its claim had no answer, so nobody has it.
        again(() -> server.runs.lose(KEY, stranded, NOW));
      } else if (claim instanceof Claim.Granted) {
        ManifestEntry entry = again(() -> server.entry(run, "a"));
        begun.incrementAndGet();
        said.add(publish(server, run, entry));
      }
    }
    return said;
  }

  private static Said publish(Server server, Materialization run, ManifestEntry entry) {
    Optional<Long> version = Optional.empty();
    boolean failed = false;
    try {
      version = server.publish(run, List.of(entry), NOW, List.of());
    } catch (Fault e) {
      assertThat(e.code()).isEqualTo(FaultCode.CATALOG_UNAVAILABLE);
      failed = true;
    }
    if (version.isEmpty()) {
      again(() -> server.end(run, MaterializationStatus.RUNNING, MaterializationStatus.FAILED));
    }
    return new Said(run, version, failed);
  }

  /** Until the catalog answers. */
  private static <T> T again(Supplier<T> work) {
    while (true) {
      try {
        return work.get();
      } catch (Fault e) {
        assertThat(e.code()).isEqualTo(FaultCode.CATALOG_UNAVAILABLE);
        Thread.onSpinWait();
      }
    }
  }
}
