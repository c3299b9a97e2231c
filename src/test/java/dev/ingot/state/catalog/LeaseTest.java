package dev.ingot.state.catalog;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ingot.manifest.ManifestEntry;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.project.PackageKey;
import dev.ingot.state.SharedEvent;
import dev.ingot.state.catalog.ClaimHistory.Step;
import dev.ingot.state.catalog.SharedCatalog.Server;
import dev.ingot.state.store.Race;
import dev.ingot.state.store.Stores;
import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers that share a project on a real PostgreSQL (promises P3 and P4). */
@Timeout(120)
class LeaseTest {

  private static final int THREADS = 16;

  /** Of all threads together. */
  private static final int CLAIMS = Integer.getInteger("ingot.test.claims", 200);

  private static final long SEED = Long.getLong("ingot.test.seed", System.nanoTime());

  @TempDir static Path folder;
  private SharedCatalog catalog;

  @BeforeEach
  void open() throws IOException {
    catalog = new SharedCatalog(folder.toRealPath());
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void racingClaimsAreAnsweredAsByOneRegister() throws Exception {
    List<Server> servers =
        List.of(catalog.server(SharedCatalog.LONG), catalog.server(SharedCatalog.LONG));
    List<PackageKey> keys =
        List.of(PackageKey.of("p", "a"), PackageKey.of("p", "b"), PackageKey.of("p", "c"));
    // What looks on looks past the servers, so the tables have to be there.
    servers.forEach(server -> server.pending(KEY));
    List<ClaimHistory> histories = keys.stream().map(key -> new ClaimHistory()).toList();
    var racing = new AtomicBoolean(true);
    try (var executor = Executors.newSingleThreadExecutor()) {
      Future<Integer> most = executor.submit(() -> mostAtOnce(racing));
      List<Integer> granted =
          Race.atOnce(
              THREADS,
              thread -> {
                var random = new Random(SEED + thread);
                int mine = 0;
                for (int n = 0; n < CLAIMS / THREADS; n++) {
                  int which = random.nextInt(keys.size());
                  mine +=
                      claim(servers.get(thread % 2), keys.get(which), histories.get(which), random);
                }
                return mine;
              });
      racing.set(false);

      assertThat(most.get()).as("of one package RUNNING at one moment").isEqualTo(1);
      long started = Long.parseLong(catalog.value("SELECT count(started_at) FROM runs"));
      assertThat(granted.stream().mapToInt(n -> n).sum()).isEqualTo(Math.toIntExact(started));
      for (ClaimHistory history : histories) {
        assertThat(ClaimHistory.isLinearizable(history.calls()))
            .as("seed %d: %s", SEED, history.calls())
            .isTrue();
      }
      System.out.printf(
          "Claims: %d over 2 servers by %d threads, %d granted, %d calls checked (seed %d)%n",
          CLAIMS / THREADS * THREADS,
          THREADS,
          started,
          histories.stream().mapToInt(history -> history.calls().size()).sum(),
          SEED);
    }
  }

  /** Returns how many were granted: 1 or none. */
  private static int claim(Server server, PackageKey key, ClaimHistory history, Random random) {
    Materialization run = server.pending(key);
    Claim claim =
        history.record(
            () -> server.runs.claim(key, run.id(), NOW),
            answer ->
                switch (answer) {
                  case Claim.Granted(Materialization granted) -> new Step.Taken(granted.id());
                  case Claim.Busy(String other) -> new Step.Refused(other);
                  case Claim.Unknown unknown -> throw new AssertionError(unknown);
                  case Claim.WrongState wrong -> throw new AssertionError(wrong);
                });
    boolean granted = claim instanceof Claim.Granted;
    if (granted && random.nextBoolean()) {
      history.record(
          () -> server.publish(run, null, NOW, List.of()),
          version -> freed(run, version.isPresent()));
    }
    if (granted || random.nextInt(4) == 0) {
      // Also those that ended already, and those that never began.
      history.record(
          () -> server.end(run, MaterializationStatus.RUNNING, MaterializationStatus.FAILED),
          ended -> freed(run, ended));
    }
    return granted ? 1 : 0;
  }

  private static Step freed(Materialization run, boolean done) {
    return done ? new Step.Freed(run.id()) : new Step.NotFreed(run.id());
  }

  private int mostAtOnce(AtomicBoolean racing) throws Exception {
    int most = 0;
    try (Connection connection = catalog.database().connect();
        Statement statement = connection.createStatement()) {
      while (racing.get()) {
        try (var row =
            statement.executeQuery(
                """
                SELECT coalesce(max(n), 0) FROM (
                  SELECT count(*) AS n FROM ingot.runs WHERE status = 'RUNNING'
                  GROUP BY project, package) AS running
                """)) {
          row.next();
          most = Math.max(most, row.getInt(1));
        }
      }
    }
    return most;
  }

  @Test
  void oneOfManyThatClaimTheSameRunOnTwoServersGetsIt() throws Exception {
    List<Server> servers =
        List.of(catalog.server(SharedCatalog.LONG), catalog.server(SharedCatalog.LONG));
    Materialization run = servers.getFirst().pending(KEY);

    List<Claim> claims =
        Race.atOnce(THREADS, i -> servers.get(i % 2).runs.claim(KEY, run.id(), NOW));

    assertThat(claims).filteredOn(Claim.Granted.class::isInstance).hasSize(1);
    assertThat(claims)
        .filteredOn(claim -> !(claim instanceof Claim.Granted))
        .containsOnly(new Claim.WrongState(MaterializationStatus.RUNNING));
  }

  @Test
  void anExpiredLeaseIsTakenOverAndItsRunIsLost() throws Exception {
    Server a = catalog.server(SharedCatalog.LONG);
    Server b = catalog.server(SharedCatalog.LONG);
    Materialization run = a.running(KEY);
    Materialization next = b.pending(KEY);
    assertThat(b.runs.claim(KEY, next.id(), NOW)).isEqualTo(new Claim.Busy(run.id()));

    catalog.lapse(run.id());

    assertThat(b.runs.claim(KEY, next.id(), NOW.plusSeconds(1))).isInstanceOf(Claim.Granted.class);
    Materialization lost = a.runs.find(KEY, run.id()).orElseThrow();
    assertThat(lost.status()).isEqualTo(MaterializationStatus.FAILED);
    assertThat(lost.error()).isEqualTo("worker_lost");
    assertThat(lost.completedAt()).isEqualTo(NOW.plusSeconds(1));
    assertThat(a.runs.claim(KEY, a.pending(KEY).id(), NOW)).isEqualTo(new Claim.Busy(next.id()));
  }

  @Test
  void aRenewalKeepsALeaseAndNeverRevivesOne() throws Exception {
    Server a = catalog.server(SharedCatalog.LONG);
    Server b = catalog.server(SharedCatalog.LONG);
    Materialization run = a.running(KEY);
    String expiry = "SELECT expires_at FROM running";
    String granted = catalog.value(expiry);

    assertThat(b.catalog.leases().renew()).as("it isn't b's").isEmpty();
    assertThat(catalog.value(expiry)).isEqualTo(granted);
    assertThat(a.catalog.leases().renew()).isEmpty();
    assertThat(catalog.value(expiry)).isGreaterThan(granted);

    catalog.lapse(run.id());
    String lapsed = catalog.value(expiry);
    assertThat(a.catalog.leases().renew())
        .extracting(CatalogLeases.Held::runId)
        .containsExactly(run.id());
    assertThat(catalog.value(expiry)).isEqualTo(lapsed);
    assertThat(a.catalog.leases().renew()).as("it is told once").isEmpty();
    assertThat(b.runs.claim(KEY, b.pending(KEY).id(), NOW)).isInstanceOf(Claim.Granted.class);
  }

  @Test
  void aPublicationAfterTheLeaseWritesNothingTakenOverOrNot() throws Exception {
    Server a = catalog.server(SharedCatalog.LONG);
    Server b = catalog.server(SharedCatalog.LONG);
    Materialization run = a.running(KEY);
    ManifestEntry entry = a.entry(run, "a");
    catalog.lapse(run.id());

    assertThat(a.publish(run, List.of(entry), NOW, List.of())).isEmpty();
    assertThat(a.status(run)).as("nobody has taken over").isEqualTo(MaterializationStatus.RUNNING);
    assertThat(a.manifests.current(KEY)).isEmpty();

    Materialization next = b.running(KEY);
    assertThat(a.publish(run, List.of(entry), NOW, List.of())).isEmpty();
    assertThat(a.status(run)).isEqualTo(MaterializationStatus.FAILED);
    assertThat(a.manifests.current(KEY)).isEmpty();

    ManifestEntry other = b.entry(next, "b");
    assertThat(b.publish(next, List.of(other), NOW, List.of())).contains(1L);
    assertThat(a.publish(run, List.of(entry), NOW, List.of())).isEmpty();
    assertThat(a.manifests.current(KEY).orElseThrow().entries()).containsExactly(other);
    assertThat(a.count("versions")).isEqualTo(1);
  }

  @Test
  void aPublicationThatCouldOutliveItsLeaseWritesNothing() throws Exception {
    Server a = catalog.server(SharedCatalog.LONG);
    Materialization run = a.running(KEY);
    catalog.update(
        "UPDATE running SET expires_at = clock_timestamp() AT TIME ZONE 'UTC' + interval '%d ms'"
            .formatted(a.settings.patience().toMillis()));

    assertThat(a.publish(run, List.of(), NOW, List.of())).isEmpty();

    assertThat(a.status(run)).isEqualTo(MaterializationStatus.RUNNING);
    assertThat(a.count("versions")).isZero();
  }

  @Test
  void aPublicationThatStandsStillIsEndedAndHoldsNobodyUp() throws Exception {
    Server a = catalog.server(SharedCatalog.SHORT);
    Server b = catalog.server(SharedCatalog.SHORT);
    Materialization next = b.pending(KEY);
    Materialization run = a.running(KEY);
    ManifestEntry entry = a.entry(run, "a");
    assertThat(a.catalog.leases().renew()).isEmpty();
    var standing = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var stores =
        new Stores(
            new StandingState(
                a.control,
                () -> {
                  standing.countDown();
                  await(goOn);
                }));
    try (var executor = Executors.newSingleThreadExecutor()) {
      Future<Optional<Long>> published =
          executor.submit(() -> stores.publish(run, List.of(entry), NOW, List.of()));
      standing.await();

      long asked = System.nanoTime();
      Claim whileItStands = b.runs.claim(KEY, next.id(), NOW);
      Duration held = Duration.ofNanos(System.nanoTime() - asked);
      Wait.until("taken over", () -> b.runs.claim(KEY, next.id(), NOW) instanceof Claim.Granted);
      Duration taken = Duration.ofNanos(System.nanoTime() - asked);
      goOn.countDown();

      assertThat(whileItStands).isEqualTo(new Claim.Busy(run.id()));
      assertThat(held).isLessThan(SharedCatalog.SHORT.patience().plusMillis(600));
      assertThat(taken).isLessThan(SharedCatalog.SHORT.lease().plusMillis(600));
      assertThat(published.get()).isEmpty();
      assertThat(a.status(run)).isEqualTo(MaterializationStatus.FAILED);
      assertThat(a.count("versions")).isZero();
      assertThat(b.publish(next, List.of(), NOW, List.of())).contains(1L);
      System.out.printf(
          "A publication that stands still holds a claim up for %d ms; taken over after %d ms%n",
          held.toMillis(), taken.toMillis());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aServerGivesUpBeforeTheDatabaseDoes() throws Exception {
    Server a = catalog.server(SharedCatalog.LONG);
    Materialization run = a.running(KEY);
    var nanos = new AtomicLong();
    long lease = SharedCatalog.LONG.lease().toNanos();
    long patience = SharedCatalog.LONG.patience().toNanos();
    try (var database = new CatalogDatabase(a.catalog.url(), SharedCatalog.LONG, "a")) {
      var leases =
          new CatalogLeases(
              database.heartbeats(), a.catalog.tenure(), SharedCatalog.LONG, nanos::get);
      leases.hold(KEY, run.id(), leases.now());
      nanos.set(lease / 2);
      assertThat(leases.renew()).isEmpty();

      nanos.set(lease / 2 + lease - patience);
      assertThat(leases.expire()).isEmpty();
      nanos.incrementAndGet();
      assertThat(leases.expire()).extracting(CatalogLeases.Held::runId).containsExactly(run.id());
      assertThat(leases.expire()).as("it is told once").isEmpty();
      assertThat(leases.renew()).as("it is renewed no more").isEmpty();
    }
  }

  @Test
  void aServerThatIsCutOffGivesUpBeforeTheDatabaseDoes() throws Exception {
    try (var proxy = FaultyProxy.to(catalog.database().host(), catalog.database().port())) {
      Server a =
          catalog.server(SharedCatalog.SHORT, catalog.database().url("127.0.0.1", proxy.port()));
      assertThat(a.count("runs")).as("attached before it is timed").isZero();
      var heard = new Heard();
      try (var watch = a.watch(heard)) {
        Materialization run = a.running(KEY);
        // Otherwise it would be silent since before it was attached.
        heard.awaitHeartbeat();
        proxy.stall();

        Heard.End end = heard.next();

        assertThat(catalog.value(left(run))).as("its lease is still on record").isEqualTo("t");
        assertThat(end.runId()).isEqualTo(run.id());
        assertThat(end.why()).isEqualTo("the lease was lost");
        assertThat(watch.absences()).isZero();
        assertThat(watch.failure()).as("it says that the catalog is silent").isPresent();
      } finally {
        proxy.resume();
      }
    }
  }

  @Test
  void heartbeatsThatWaitKeepNoServerFromGivingUp() throws Exception {
    Server a = catalog.server(SharedCatalog.SHORT);
    Server b = catalog.server(SharedCatalog.SHORT);
    Materialization run = a.running(KEY);
    var heard = new Heard();
    try (var watch = a.watch(heard);
        Connection other = catalog.database().connect();
        Statement statement = other.createStatement()) {
      Wait.until("it listens", () -> listening() == 1);
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE ingot.workers");
      for (int i = 0; i < 4; i++) {
        // Each asks for a heartbeat.
        b.control.locked(
            KEY,
            lock -> {
              lock.tell(new SharedEvent.Published(KEY));
              return true;
            });
      }

      Heard.End end = heard.next();

      assertThat(catalog.value(left(run))).as("its lease is still on record").isEqualTo("t");
      assertThat(end.runId()).isEqualTo(run.id());
      assertThat(end.why()).isEqualTo("the lease was lost");
      assertThat(watch.failure()).as("nothing has failed, it only waits").isPresent();
      other.rollback();
      Wait.until("it is answered", () -> watch.failure().isEmpty());
    }
  }

  private static String left(Materialization run) {
    return "SELECT expires_at > clock_timestamp() AT TIME ZONE 'UTC' FROM running WHERE run = '%s'"
        .formatted(run.id());
  }

  /** Returns what the run's own server hears of a stop on another. */
  private static Heard.End stop(Server other, Materialization run, Heard heard) throws Exception {
    long stopped = System.nanoTime();
    assertThat(other.end(run, MaterializationStatus.RUNNING, MaterializationStatus.CANCELLED))
        .isTrue();
    Heard.End end = heard.next();
    assertThat(end.runId()).isEqualTo(run.id());
    System.out.printf(
        "A stop on another server is heard after %d ms: %s%n",
        Duration.ofNanos(end.at() - stopped).toMillis(), end.why());
    return end;
  }

  @Test
  void aStopOnTheOtherServerIsHeardAtOnce() throws Exception {
    Server a = catalog.server(SharedCatalog.LONG);
    Server b = catalog.server(SharedCatalog.LONG);
    assertThat(b.count("runs")).as("attached before it is timed").isZero();
    Materialization run = a.running(KEY);
    var heard = new Heard();
    try (var watch = a.watch(heard)) {
      Wait.until("it listens", () -> listening() == 1);
      // Which would find the run ended, too; the next one is far off.
      heard.awaitHeartbeat();

      assertThat(stop(b, run, heard).why()).isEqualTo("stopped on request");
      assertThat(watch.failure()).isEmpty();
    }
  }

  @Test
  void aStopThatNobodySaysIsFoundByTheNextHeartbeat() throws Exception {
    Server a = catalog.server(SharedCatalog.SHORT);
    Server b = catalog.server(SharedCatalog.SHORT);
    assertThat(b.count("runs")).as("attached before it is timed").isZero();
    Materialization run = a.running(KEY);
    var heard = new Heard();
    try (var watch = a.watch(heard)) {
      Wait.until("its listener is cut off", () -> cutOff() == 1);

      assertThat(stop(b, run, heard).why()).isEqualTo("it was ended by another server");
      assertThat(watch.failure()).isEmpty();
      Wait.until("it listens again", () -> listening() == 1);
    }
  }

  private long listening() {
    return sessions("SELECT count(*)", "query LIKE 'LISTEN%'");
  }

  private long cutOff() {
    return sessions("SELECT count(pg_terminate_backend(pid))", "query LIKE 'LISTEN%'");
  }

  private long sessions(String select, String which) {
    try {
      return Long.parseLong(
          catalog.value(
              select + " FROM pg_stat_activity WHERE datname = current_database() AND " + which));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aClaimThatWaitsForAPackageToBeErasedIsGrantedThen() throws Exception {
    Server a = catalog.server(SharedCatalog.LONG);
    Server b = catalog.server(SharedCatalog.LONG);
    a.end(a.running(KEY), MaterializationStatus.RUNNING, MaterializationStatus.FAILED);
    var erased = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var stores =
        new Stores(
            new StandingState(
                a.control,
                () -> {
                  erased.countDown();
                  await(goOn);
                }));
    try (var executor = Executors.newFixedThreadPool(2)) {
      Future<?> erasing = executor.submit(() -> stores.runs.erase(KEY, NOW));
      erased.await();
      Materialization run = b.pending(KEY);
      Future<Claim> claim = executor.submit(() -> b.runs.claim(KEY, run.id(), NOW));
      Wait.until(
          "the claim waits", () -> sessions("SELECT count(*)", "wait_event_type = 'Lock'") == 1);
      goOn.countDown();
      erasing.get();

      assertThat(claim.get()).isInstanceOf(Claim.Granted.class);
    }
  }

  @Test
  void aChangeThatWasRolledBackLeavesTheLeaseAsItWas() throws Exception {
    Server a = catalog.server(SharedCatalog.LONG);
    Materialization run = a.running(KEY);
    var broken =
        new Stores(
            new StandingState(
                a.control,
                () -> {
                  throw new IllegalStateException("on the way");
                }));

    assertThat(
            catchThrowable(
                () -> broken.end(run, MaterializationStatus.RUNNING, MaterializationStatus.FAILED)))
        .hasMessage("on the way");

    assertThat(a.status(run)).isEqualTo(MaterializationStatus.RUNNING);
    String granted = catalog.value("SELECT expires_at FROM running");
    assertThat(a.catalog.leases().renew()).isEmpty();
    assertThat(catalog.value("SELECT expires_at FROM running")).isGreaterThan(granted);
  }
}
