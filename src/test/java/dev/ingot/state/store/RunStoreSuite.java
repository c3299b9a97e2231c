package dev.ingot.state.store;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.Problem;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.RunEnd;
import dev.ingot.materialization.RunOptions;
import dev.ingot.materialization.TargetReport;
import dev.ingot.materialization.TargetStatus;
import dev.ingot.plan.Reason;
import dev.ingot.project.PackageKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the store of runs does, wherever a project's state lies. */
public abstract class RunStoreSuite extends StoreSuite {

  private static final int THREADS = 16;

  protected RunStoreSuite(StorePlace place) {
    super(place);
  }

  @ParameterizedTest
  @EnumSource
  void aRunEndsByTheTablesEdgesAndByNoOther(MaterializationStatus from) {
    int edges = 0;
    for (MaterializationStatus to : MaterializationStatus.values()) {
      var key = PackageKey.of("edges", to.name());
      Materialization run = fixture.in(from, key);
      if (from.mayBecome(to) && to.isTerminal()) {
        assertThat(fixture.end(run, from, to)).isTrue();
        assertThat(fixture.status(run)).isEqualTo(to);
        edges++;
      } else {
        assertThatThrownBy(() -> fixture.end(run, from, to))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(from + " to " + to);
        assertThat(fixture.status(run)).isEqualTo(from);
      }
    }
    assertThat(edges)
        .isEqualTo(
            switch (from) {
              case PENDING -> 1;
              case RUNNING -> 3;
              case SUCCESS, FAILED, CANCELLED -> 0;
            });
  }

  @ParameterizedTest
  @EnumSource
  void aRunThatIsElsewhereByNowIsLeftAlone(MaterializationStatus actual) {
    for (MaterializationStatus from : MaterializationStatus.values()) {
      for (MaterializationStatus to : from.next()) {
        if (from == actual || !to.isTerminal()) {
          continue;
        }
        var key = PackageKey.of("elsewhere", from + "-" + to);
        Materialization run = fixture.in(actual, key);
        Materialization before = fixture.runs.find(key, run.id()).orElseThrow();

        boolean moved =
            fixture.runs.end(
                KEY,
                run.id(),
                new RunEnd(from, to, NOW.plusSeconds(9), "late", List.of(Problem.error("x", "y"))));

        assertThat(moved).isFalse();
        assertThat(fixture.runs.find(key, run.id())).contains(before);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyAPendingRunIsClaimed(MaterializationStatus status) {
    Materialization run = fixture.in(status, KEY);

    Claim claim = fixture.runs.claim(KEY, run.id(), NOW.plusSeconds(1));

    if (status == MaterializationStatus.PENDING) {
      assertThat(claim).isInstanceOf(Claim.Granted.class);
      assertThat(fixture.runs.find(KEY, run.id()).orElseThrow().startedAt())
          .isEqualTo(NOW.plusSeconds(1));
    } else {
      assertThat(claim).isEqualTo(new Claim.WrongState(status));
      assertThat(fixture.status(run)).isEqualTo(status);
    }
  }

  @Test
  void aRunOfAnotherPackageIsUnknown() {
    Materialization run = fixture.pending(KEY);

    assertThat(fixture.runs.claim(OTHER, run.id(), NOW)).isEqualTo(new Claim.Unknown());
    assertThat(fixture.runs.find(OTHER, run.id())).isEmpty();
    assertThat(fixture.runs.delete(OTHER, run.id())).isFalse();
    assertThat(fixture.status(run)).isEqualTo(MaterializationStatus.PENDING);
  }

  @Test
  void oneOfManyThatClaimTheSameRunAtOnceGetsIt() throws Exception {
    for (int round = 0; round < 5; round++) {
      var key = PackageKey.of("race", "one" + round);
      Materialization run = fixture.pending(key);

      List<Claim> claims = Race.atOnce(THREADS, i -> fixture.runs.claim(key, run.id(), NOW));

      assertThat(claims).filteredOn(Claim.Granted.class::isInstance).hasSize(1);
      assertThat(claims)
          .filteredOn(claim -> !(claim instanceof Claim.Granted))
          .containsOnly(new Claim.WrongState(MaterializationStatus.RUNNING));
    }
  }

  @Test
  void oneOfManyRunsThatClaimThePackageAtOnceGetsItAndTheOthersHearWhich() throws Exception {
    for (int round = 0; round < 5; round++) {
      var key = PackageKey.of("race", "many" + round);
      var pending = new ArrayList<Materialization>();
      for (int i = 0; i < THREADS; i++) {
        pending.add(fixture.pending(key));
      }

      List<Claim> claims =
          Race.atOnce(THREADS, i -> fixture.runs.claim(key, pending.get(i).id(), NOW));

      List<Materialization> running = fixture.runs.list(key, MaterializationStatus.RUNNING, 99, 0);
      assertThat(running).hasSize(1);
      String winner = running.getFirst().id();
      assertThat(claims).filteredOn(Claim.Granted.class::isInstance).hasSize(1);
      assertThat(claims)
          .filteredOn(claim -> !(claim instanceof Claim.Granted))
          .hasSize(THREADS - 1)
          .containsOnly(new Claim.Busy(winner));
    }
  }

  @Test
  void whatBeginsIsThereAndRunningOrIsNotThere() {
    Materialization first = unknown();
    assertThat(fixture.runs.begin(first)).isEqualTo(new Claim.Granted(first.started(NOW)));
    assertThat(fixture.runs.find(KEY, first.id())).contains(first.started(NOW));
    Materialization second = unknown();

    assertThat(fixture.runs.begin(second)).isEqualTo(new Claim.Busy(first.id()));

    assertThat(fixture.runs.find(KEY, second.id())).isEmpty();
    fixture.end(first, MaterializationStatus.RUNNING, MaterializationStatus.SUCCESS);
    assertThat(fixture.runs.begin(second)).isInstanceOf(Claim.Granted.class);
  }

  @Test
  void ofManyThatBeginAtOnceOneIsThere() throws Exception {
    List<Claim> claims = Race.atOnce(THREADS, i -> fixture.runs.begin(unknown()));

    List<Materialization> all = fixture.runs.list(KEY, null, 99, 0);
    assertThat(all).hasSize(1);
    assertThat(claims).filteredOn(Claim.Granted.class::isInstance).hasSize(1);
    assertThat(claims)
        .filteredOn(claim -> !(claim instanceof Claim.Granted))
        .containsOnly(new Claim.Busy(all.getFirst().id()));
  }

  private static Materialization unknown() {
    return Materialization.pending(UUID.randomUUID().toString(), KEY, RunOptions.DEFAULT, NOW);
  }

  @Test
  void packagesDoNotWaitForEachOther() throws Exception {
    var keys = new ArrayList<PackageKey>();
    var pending = new ArrayList<Materialization>();
    for (int i = 0; i < THREADS; i++) {
      keys.add(PackageKey.of("p", "package" + i));
      pending.add(fixture.pending(keys.get(i)));
    }

    List<Claim> claims =
        Race.atOnce(THREADS, i -> fixture.runs.claim(keys.get(i), pending.get(i).id(), NOW));

    assertThat(claims).hasSize(THREADS).allMatch(Claim.Granted.class::isInstance);
    assertThat(fixture.count("running")).isEqualTo(THREADS);
  }

  @ParameterizedTest
  @EnumSource(names = {"SUCCESS", "FAILED", "CANCELLED"})
  void aRunThatEndedFreesItsPackage(MaterializationStatus how) {
    Materialization first = fixture.running(KEY);
    Materialization next = fixture.pending(KEY);

    assertThat(fixture.runs.claim(KEY, next.id(), NOW)).isEqualTo(new Claim.Busy(first.id()));
    assertThat(fixture.end(first, MaterializationStatus.RUNNING, how)).isTrue();
    assertThat(fixture.runs.claim(KEY, next.id(), NOW)).isInstanceOf(Claim.Granted.class);
  }

  @Test
  void aTransactionThatThrowsLeavesNothing() {
    Materialization run = fixture.pending(KEY);

    assertThatThrownBy(() ->
            fixture.control.change(session -> {
              session.sql("DELETE FROM runs").update();
              throw new IllegalStateException("on the way");
            }))
        .hasMessage("on the way");

    assertThat(fixture.status(run)).isEqualTo(MaterializationStatus.PENDING);
  }

  @Test
  void onlyTheRecordOfAnEndedRunIsDeletedAndItsVersionStays() {
    Materialization run = fixture.running(KEY);
    fixture.runs.report(KEY, run.id(), List.of(report(TargetStatus.BUILT)), List.of());
    ManifestEntry entry = fixture.entry(run, "a");

    assertThat(fixture.runs.delete(KEY, run.id())).isFalse();
    fixture.publish(run, List.of(entry), NOW, List.of());
    assertThat(fixture.runs.delete(KEY, run.id())).isTrue();
    assertThat(fixture.runs.delete(KEY, run.id())).isFalse();

    assertThat(fixture.runs.find(KEY, run.id())).isEmpty();
    assertThat(fixture.manifests.current(KEY).orElseThrow().entries()).containsExactly(entry);
    assertThat(fixture.count("run_targets")).isZero();
  }

  @Test
  void aReportThatComesAfterItsRunWasDeletedIsDropped() {
    Materialization run = fixture.in(MaterializationStatus.CANCELLED, KEY);
    assertThat(fixture.runs.delete(KEY, run.id())).isTrue();

    fixture.runs.report(KEY, run.id(), List.of(report(TargetStatus.CANCELLED)), List.of());

    assertThat(fixture.count("run_targets")).isZero();
  }

  @Test
  void everythingOfARunIsThereAgainAfterItsHomeWasClosed() {
    Materialization run = fixture.running(KEY);
    TargetReport running = report(TargetStatus.RUNNING);
    fixture.runs.report(KEY, run.id(), List.of(running), List.of());
    fixture.runs.report(KEY, run.id(), List.of(report(TargetStatus.FAILED)), List.of());
    var problem = Problem.error("code", "ünïcode \"quoted\"\n", "m.malloy", 3, 4);
    fixture.runs.end(KEY, run.id(), RunEnd.failed(NOW.plusNanos(1000), "why", List.of(problem)));
    Optional<Materialization> before = fixture.runs.find(KEY, run.id());

    close();
    fixture = reopen();

    Materialization after = fixture.runs.find(KEY, run.id()).orElseThrow();
    assertThat(after).isEqualTo(before.orElseThrow());
    assertThat(after.completedAt()).isEqualTo(NOW.plusNanos(1000));
    assertThat(after.problems()).containsExactly(problem);
    assertThat(after.targets()).containsExactly(report(TargetStatus.FAILED));
  }

  private static TargetReport report(TargetStatus status) {
    return new TargetReport(
        new TargetReport.Target(
            "b1", "a", "main.a", "duckdb", List.of("a"), List.of(), List.of(), "m.malloy", 1),
        Reason.NEW,
        new TargetReport.Progress(status, null, 1L, 3L, null, 2L, "select 1", null));
  }
}
