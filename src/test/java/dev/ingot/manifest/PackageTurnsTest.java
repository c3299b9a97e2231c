package dev.ingot.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.project.PackageKey;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PackageTurnsTest {

  private static final PackageKey OTHER = PackageKey.of("p", "other");
  private final PackageTurns turns = new PackageTurns();

  @Test
  void aTurnThatIsOverIsGoodForNothing() {
    Turn kept = turns.take(Contents.KEY, turn -> turn);

    assertThatThrownBy(kept::key)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the turn of p/orders is over");
  }

  @Test
  void aTurnIsOfOnePackage() throws Exception {
    try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      Optional<PackageKey> same =
          turns.take(
              Contents.KEY,
              turn -> done(others.submit(() -> turns.takeIfFree(turn.key(), Turn::key))));
      Optional<PackageKey> other =
          turns.take(
              Contents.KEY, turn -> done(others.submit(() -> turns.takeIfFree(OTHER, Turn::key))));

      assertThat(same).isEmpty();
      assertThat(other).contains(OTHER);
    }
  }

  @Test
  void noTurnIsWaitedForByWhoChangesWhatIsServed() {
    var slot = new PackageSlot(Contents.KEY);

    assertThatThrownBy(() -> slot.load(() -> turns.take(Contents.KEY, Turn::key)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("TURN of p/orders is not to be waited for by who holds LOADING");
  }

  private static <T> T done(Future<T> future) {
    try {
      return future.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
