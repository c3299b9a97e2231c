package dev.ingot.state.store;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.PublicationAnswer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How versions are published, kept and forgotten, wherever a project's state lies. */
public abstract class VersionStoreSuite extends StoreSuite {

  protected VersionStoreSuite(StorePlace place) {
    super(place);
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
  void aVersionOfThousandsOfTablesIsPublished() {
    List<String> names = IntStream.range(0, 2_500).mapToObj(i -> "t" + i).toList();
    Materialization run = fixture.running(KEY);
    List<ManifestEntry> entries = fixture.entries(run, names);

    assertThat(fixture.publish(run, entries, NOW, List.of())).isPresent();
    assertThat(fixture.manifests.current(KEY).orElseThrow().entries()).isEqualTo(entries);
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
  void aTeardownMayLeaveSomeOfTheTables() {
    Materialization run = fixture.running(KEY);
    List<ManifestEntry> entries = fixture.entries(run, List.of("a", "b"));
    fixture.publish(run, entries, NOW, List.of());
    var left =
        new ManifestVersion(
            KEY, 2, new ManifestVersion.Cause.Teardown(), NOW, List.of(entries.getLast()));

    assertThat(fixture.runs.publish(left, Set.of())).isTrue();
    fixture.manifests.forgetVersions(KEY, List.of(1L));
    fixture.manifests.forget(entries.getFirst().generation());

    assertThat(fixture.manifests.current(KEY)).contains(left);
    assertThat(new Stores(fixture.control).manifests.versions(KEY)).containsExactly(left);
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

  private List<Generation> condemned(Instant before) {
    return fixture.manifests.condemn(KEY, before, Set.of());
  }

  private long versions() {
    return fixture.count("versions");
  }
}
