package dev.ingot.state;

import static dev.ingot.state.Fixture.KEY;
import static dev.ingot.state.Fixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDatabaseTest {

  @TempDir Path home;

  @Test
  void aGenerationIsReusableWhileItIsCurrentOrFreshFromARunThatFailed() {
    try (var fixture = new Fixture(home)) {
      Materialization first = fixture.running(KEY);
      var old = fixture.entry(first, "a");
      fixture.runs.publish(first, List.of(old), NOW, List.of());
      Materialization second = fixture.running(KEY);
      var current = fixture.entry(second, "a");
      fixture.runs.publish(second, List.of(current), NOW, List.of());
      Materialization third = fixture.running(KEY);
      var orphan = fixture.entry(third, "b");

      assertThat(fixture.manifests.reusable(KEY, NOW)).containsExactly(current.generation());
      fixture.end(third, MaterializationStatus.RUNNING, MaterializationStatus.FAILED);
      assertThat(fixture.manifests.reusable(KEY, NOW))
          .containsExactlyInAnyOrder(current.generation(), orphan.generation());
      assertThat(fixture.manifests.reusable(KEY, NOW.plusSeconds(1)))
          .containsExactly(current.generation());
    }
  }

  @Test
  void aGenerationIsUnneededOnceNoVersionHasItAndItsTimeIsOver() {
    try (var fixture = new Fixture(home)) {
      Materialization first = fixture.running(KEY);
      var old = fixture.entry(first, "a");
      fixture.runs.publish(first, List.of(old), NOW, List.of());
      Materialization second = fixture.running(KEY);
      var current = fixture.entry(second, "a");
      Instant later = NOW.plusSeconds(10);
      fixture.runs.publish(second, List.of(current), later, List.of());

      assertThat(condemned(fixture, later)).as("version 1 has it").isEmpty();
      var rollback = new ManifestVersion(KEY, 3, new Cause.Rollback(1), later, List.of(old));
      assertThat(fixture.runs.publish(rollback, Set.of())).isTrue();
      assertThat(fixture.runs.publish(rollback, Set.of())).as("3 is there already").isFalse();
      assertThat(fixture.manifests.current(KEY)).contains(rollback);

      fixture.manifests.forgetVersions(KEY, List.of(1L, 2L, 3L));
      assertThat(fixture.manifests.versions(KEY)).as("the current one stays").hasSize(1);
      var again = new ManifestVersion(KEY, 4, new Cause.Rollback(2), later, List.of(current));
      assertThat(fixture.runs.publish(again, Set.of())).as("2 is forgotten").isFalse();
      assertThat(condemned(fixture, NOW.plusSeconds(9))).isEmpty();
      assertThat(fixture.manifests.condemn(KEY, later, Set.of(current.generation().id())))
          .as("a query reads it")
          .isEmpty();
      assertThat(condemned(fixture, later)).containsExactly(current.generation());
      assertThat(condemned(fixture, later)).as("until it is seen to be gone").hasSize(1);
    }
  }

  private static List<Generation> condemned(Fixture fixture, Instant before) {
    return fixture.manifests.condemn(KEY, before, Set.of());
  }
}
