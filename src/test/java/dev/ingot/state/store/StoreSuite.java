package dev.ingot.state.store;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.Problem;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.PublicationAnswer;
import dev.ingot.materialization.RunEnd;
import dev.ingot.materialization.TargetReport;
import dev.ingot.materialization.TargetStatus;
import dev.ingot.plan.Reason;
import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the stores do, wherever a project's state lies. */
public abstract class StoreSuite {

  private static final int THREADS = 16;
  private static final PackageKey OTHER = PackageKey.of("p", "other");

  Stores fixture;

  /** A place of state with nothing in it. */
  protected abstract Stores open() throws Exception;

  /** The same with what is in it, by a process that starts. */
  protected abstract Stores reopen();

  protected abstract void close();

  @BeforeEach
  void begin() throws Exception {
    fixture = open();
  }

  @AfterEach
  void end() {
    close();
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
  void aPublicationThatComesAfterAStopWritesNothing() {
    Materialization first = fixture.running(KEY);
    ManifestEntry entry = fixture.entry(first, "a");
    assertThat(fixture.publish(first, List.of(entry), NOW, List.of())).contains(1L);
    ManifestVersion current = fixture.manifests.current(KEY).orElseThrow();
    Materialization second = fixture.running(KEY);
    ManifestEntry late = fixture.entry(second, "b");
    fixture.end(second, MaterializationStatus.RUNNING, MaterializationStatus.CANCELLED);

    assertThat(fixture.publish(second, List.of(late), NOW, List.of())).isEmpty();

    assertThat(fixture.status(second)).isEqualTo(MaterializationStatus.CANCELLED);
    assertThat(fixture.manifests.current(KEY)).contains(current);
    assertThat(versions()).isEqualTo(1);
  }

  @Test
  void aStopThatComesAfterAPublicationChangesNothing() {
    Materialization run = fixture.running(KEY);
    ManifestEntry entry = fixture.entry(run, "a");
    assertThat(fixture.publish(run, List.of(entry), NOW, List.of())).contains(1L);

    assertThat(fixture.end(run, MaterializationStatus.RUNNING, MaterializationStatus.CANCELLED))
        .isFalse();

    assertThat(fixture.status(run)).isEqualTo(MaterializationStatus.SUCCESS);
    assertThat(fixture.manifests.current(KEY).orElseThrow().entries()).containsExactly(entry);
  }

  @Test
  void aStopAndAPublicationAtOnceAreNeverBothDone() throws Exception {
    for (int round = 0; round < 50; round++) {
      Materialization run = fixture.running(KEY);
      ManifestEntry entry = fixture.entry(run, "a");
      long before = versions();

      List<Boolean> won =
          Race.atOnce(
              2,
              i ->
                  i == 0
                      ? fixture.publish(run, List.of(entry), NOW, List.of()).isPresent()
                      : fixture.end(
                          run, MaterializationStatus.RUNNING, MaterializationStatus.CANCELLED));

      assertThat(won).containsExactlyInAnyOrder(true, false);
      assertThat(fixture.status(run))
          .isEqualTo(
              won.getFirst() ? MaterializationStatus.SUCCESS : MaterializationStatus.CANCELLED);
      assertThat(versions()).isEqualTo(before + (won.getFirst() ? 1 : 0));
    }
  }

  @Test
  void versionsAreNumberedOneByOneAndKeepTheirEntriesOrder() {
    Materialization first = fixture.running(KEY);
    List<ManifestEntry> entries =
        List.of(fixture.entry(first, "c"), fixture.entry(first, "a"), fixture.entry(first, "b"));
    assertThat(fixture.publish(first, entries, NOW, List.of())).contains(1L);
    assertThat(fixture.manifests.current(KEY).orElseThrow().entries())
        .containsExactlyElementsOf(entries);
    Materialization unchanged = fixture.running(KEY);

    assertThat(fixture.publish(unchanged, null, NOW, List.of())).contains(1L);
    Materialization third = fixture.running(KEY);
    assertThat(fixture.publish(third, List.of(), NOW, List.of())).contains(2L);

    assertThat(fixture.status(unchanged)).isEqualTo(MaterializationStatus.SUCCESS);
    assertThat(fixture.manifests.current(KEY))
        .contains(
            new ManifestVersion(KEY, 2, new ManifestVersion.Cause.Run(third.id()), NOW, List.of()));
  }

  @Test
  void aVersionIsFoundByItsNumberWhileItIsRetained() {
    Materialization first = fixture.running(KEY);
    ManifestEntry entry = fixture.entry(first, "a");
    fixture.publish(first, List.of(entry), NOW, List.of());
    fixture.publish(fixture.running(KEY), List.of(), NOW, List.of());

    assertThat(fixture.manifests.version(KEY, 1))
        .contains(
            new ManifestVersion(
                KEY, 1, new ManifestVersion.Cause.Run(first.id()), NOW, List.of(entry)));
    assertThat(fixture.manifests.version(KEY, 2)).isEqualTo(fixture.manifests.current(KEY));
    assertThat(fixture.manifests.version(KEY, 3)).isEmpty();
    assertThat(fixture.manifests.version(OTHER, 1)).isEmpty();

    fixture.manifests.forgetVersions(KEY, List.of(1L));
    assertThat(fixture.manifests.version(KEY, 1)).isEmpty();
  }

  @Test
  void aRunPublishesOverTheVersionThatItBeganFromAndOverNoOther() {
    Materialization first = fixture.running(KEY);
    ManifestEntry one = fixture.entry(first, "a");
    fixture.publish(first, List.of(one), NOW, List.of());
    Materialization second = fixture.running(KEY);
    ManifestEntry two = fixture.entry(second, "a");
    // What a rollback does; the rule that it waits for a RUNNING run is left out here.
    var meanwhile =
        new ManifestVersion(KEY, 2, new ManifestVersion.Cause.Rollback(1), NOW, List.of(one));
    assertThat(fixture.runs.publish(meanwhile, Set.of())).isTrue();

    for (List<ManifestEntry> entries : Arrays.asList(List.of(two), null)) {
      assertThat(fixture.runs.publish(second, 1, entries, NOW, List.of()))
          .isEqualTo(new PublicationAnswer.Superseded(2));

      assertThat(fixture.status(second)).isEqualTo(MaterializationStatus.RUNNING);
      assertThat(fixture.manifests.current(KEY)).contains(meanwhile);
      assertThat(versions()).isEqualTo(2);
    }
    assertThat(fixture.runs.claim(KEY, fixture.pending(KEY).id(), NOW))
        .as("it is to be ended by who carries it out")
        .isEqualTo(new Claim.Busy(second.id()));
    assertThat(fixture.runs.publish(second, 2, List.of(two), NOW, List.of()))
        .isEqualTo(new PublicationAnswer.Done(3));
    assertThat(fixture.manifests.current(KEY).orElseThrow().number()).isEqualTo(3);
  }

  @Test
  void aRollbackWaitsForARunThatIsRunning() {
    Materialization first = fixture.running(KEY);
    ManifestEntry one = fixture.entry(first, "a");
    fixture.publish(first, List.of(one), NOW, List.of());
    fixture.running(KEY);
    var rollback =
        new ManifestVersion(KEY, 2, new ManifestVersion.Cause.Rollback(1), NOW, List.of(one));

    assertThat(fixture.runs.publish(rollback, Set.of(MaterializationStatus.RUNNING))).isFalse();

    assertThat(fixture.manifests.currentNumber(KEY)).isEqualTo(1);
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
  void theNewestComeFirstAndPagesNeitherRepeatNorLeaveOut() {
    for (int i = 0; i < 9; i++) {
      // Three at each moment: the order among them must not change from page to page.
      fixture.pending(KEY, NOW.plusSeconds(i / 3));
    }
    List<Materialization> all = fixture.runs.list(KEY, null, 100, 0);
    var paged = new ArrayList<Materialization>();
    for (int offset = 0; offset < 9; offset += 2) {
      paged.addAll(fixture.runs.list(KEY, null, 2, offset));
    }

    assertThat(paged).hasSize(9).isEqualTo(all);
    assertThat(all).isSortedAccordingTo((a, b) -> b.createdAt().compareTo(a.createdAt()));
    assertThat(fixture.runs.count(KEY, null)).isEqualTo(9);
    assertThat(fixture.runs.count(KEY, MaterializationStatus.RUNNING)).isZero();
    assertThat(fixture.runs.count(OTHER, null)).isZero();
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

  @Test
  void aGenerationMayBeTakenUpWhenItIsFreshFromARunThatFailed() {
    Materialization first = fixture.running(KEY);
    var old = fixture.entry(first, "a");
    fixture.publish(first, List.of(old), NOW, List.of());
    Materialization second = fixture.running(KEY);
    var current = fixture.entry(second, "a");
    fixture.publish(second, List.of(current), NOW, List.of());
    Materialization third = fixture.running(KEY);
    var orphan = fixture.entry(third, "b");

    Set<String> published = Set.of(current.generation().id());
    assertThat(fixture.manifests.unpublished(KEY, published, NOW)).isEmpty();
    fixture.end(third, MaterializationStatus.RUNNING, MaterializationStatus.FAILED);
    assertThat(fixture.manifests.unpublished(KEY, published, NOW))
        .containsExactly(orphan.generation());
    assertThat(fixture.manifests.unpublished(KEY, published, NOW.plusSeconds(1))).isEmpty();
    assertThat(fixture.manifests.unpublished(KEY, Set.of(), NOW))
        .containsExactlyInAnyOrder(current.generation(), orphan.generation());
  }

  @Test
  void aGenerationIsUnneededOnceNoVersionHasItAndItsTimeIsOver() {
    Materialization first = fixture.running(KEY);
    var old = fixture.entry(first, "a");
    fixture.publish(first, List.of(old), NOW, List.of());
    Materialization second = fixture.running(KEY);
    var current = fixture.entry(second, "a");
    Instant later = NOW.plusSeconds(10);
    fixture.publish(second, List.of(current), later, List.of());

    assertThat(condemned(later)).as("version 1 has it").isEmpty();
    var rollback =
        new ManifestVersion(KEY, 3, new ManifestVersion.Cause.Rollback(1), later, List.of(old));
    assertThat(fixture.runs.publish(rollback, Set.of())).isTrue();
    assertThat(fixture.runs.publish(rollback, Set.of())).as("3 is there already").isFalse();
    assertThat(fixture.manifests.current(KEY)).contains(rollback);

    fixture.manifests.forgetVersions(KEY, List.of(1L, 2L, 3L));
    assertThat(fixture.manifests.versions(KEY)).as("the current one stays").hasSize(1);
    var again =
        new ManifestVersion(KEY, 4, new ManifestVersion.Cause.Rollback(2), later, List.of(current));
    assertThat(fixture.runs.publish(again, Set.of())).as("2 is forgotten").isFalse();
    assertThat(condemned(NOW.plusSeconds(9))).isEmpty();
    assertThat(fixture.manifests.condemn(KEY, later, Set.of(current.generation().id())))
        .as("a query reads it")
        .isEmpty();
    assertThat(condemned(later)).containsExactly(current.generation());
    assertThat(condemned(later)).as("until it is seen to be gone").hasSize(1);
  }

  private static TargetReport report(TargetStatus status) {
    return new TargetReport(
        new TargetReport.Target("b1", "main.a", "duckdb", List.of("a"), List.of(), "m.malloy", 1),
        Reason.NEW,
        new TargetReport.Progress(status, null, 1L, 2L, "select 1", null));
  }

  private List<Generation> condemned(Instant before) {
    return fixture.manifests.condemn(KEY, before, Set.of());
  }

  private long versions() {
    return fixture.count("versions");
  }
}
