package dev.ingot.state.catalog;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ingot.manifest.ManifestEntry;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.state.catalog.SharedCatalog.Server;
import dev.ingot.state.store.Stores;
import dev.ingot.testing.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers that share a project on a real PostgreSQL (promises P3 and P4). */
@Timeout(120)
class LeaseTest extends OnACatalog {

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
