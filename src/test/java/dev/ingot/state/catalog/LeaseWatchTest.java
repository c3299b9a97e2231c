package dev.ingot.state.catalog;

import static dev.ingot.state.store.Stores.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.state.SharedEvent;
import dev.ingot.state.catalog.SharedCatalog.Server;
import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.NoTelemetry;
import dev.ingot.testing.Wait;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server hears of its own leases: that they are lost, and that its runs were stopped. */
@Timeout(120)
class LeaseWatchTest extends OnACatalog {

  @Test
  void aServerGivesUpBeforeTheDatabaseDoes() throws Exception {
    Server a = catalog.server(SharedCatalog.LONG);
    Materialization run = a.running(KEY);
    var nanos = new AtomicLong();
    long lease = SharedCatalog.LONG.lease().toNanos();
    long patience = SharedCatalog.LONG.patience().toNanos();
    try (var database =
        new CatalogDatabase(
            a.catalog.connections(), SharedCatalog.LONG, "a", NoTelemetry.get().meters())) {
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
}
