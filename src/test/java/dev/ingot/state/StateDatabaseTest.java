package dev.ingot.state;

import static dev.ingot.state.Fixture.KEY;
import static dev.ingot.state.Fixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import java.nio.file.Path;
import java.util.List;
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
}
