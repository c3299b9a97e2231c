package dev.ingot.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RankedLockTest {

  private final RankedLock project = new RankedLock(LockRank.PROJECT, "p");
  private final RankedLock turn = new RankedLock(LockRank.TURN, "p/a");
  private final RankedLock loading = new RankedLock(LockRank.LOADING, "p/a");
  private final RankedLock place = new RankedLock(LockRank.PLACE, "p/a");
  private final RankedLock gate = new RankedLock(LockRank.GATE, "p/a");

  @Test
  void locksAreTakenDownTheList() {
    String done =
        project.hold(
            () -> turn.hold(() -> loading.hold(() -> place.share(() -> gate.hold(() -> "done")))));

    assertThat(done).isEqualTo("done");
  }

  @Test
  void aTurnIsNotWaitedForByWhoHoldsAGate() {
    assertThatThrownBy(() -> gate.hold(() -> turn.hold(() -> "both")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("TURN of p/a is not to be waited for by who holds GATE of p/a");
    assertThatThrownBy(() -> gate.hold(() -> soon(turn))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> place.share(() -> loading.hold(() -> "both")))
        .isInstanceOf(IllegalStateException.class);

    assertThat(turn.hold(() -> gate.hold(() -> "free again"))).isEqualTo("free again");
  }

  private static Optional<String> soon(RankedLock lock) {
    try {
      return lock.holdWithin(Duration.ofDays(1), () -> "taken");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "TURN", mode = EnumSource.Mode.EXCLUDE)
  void twoOfOneRankAreNotHeldAtOnce(LockRank rank) {
    var one = new RankedLock(rank, "one");
    var other = new RankedLock(rank, "other");

    assertThatThrownBy(() -> one.hold(() -> other.hold(() -> "both")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theTurnsOfSeveralPackagesAreHeldAtOnce() {
    var other = new RankedLock(LockRank.TURN, "p/b");

    assertThat(turn.hold(() -> other.hold(() -> "both"))).isEqualTo("both");
  }

  @Test
  void whoHasItMayTakeItAgain() {
    assertThat(loading.hold(() -> gate.hold(() -> loading.hold(() -> "again")))).isEqualTo("again");
  }

  @Test
  void whatIsFreeMayBeTakenInAnyOrder() {
    assertThat(gate.hold(() -> turn.holdIfFree(() -> "free"))).contains("free");
  }

  @Test
  void whatIsTakenIsNotWaitedForLongerThanWanted() throws Exception {
    try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      Optional<String> taken =
          turn.hold(() -> got(others.submit(() -> turn.holdIfFree(() -> "free"))));

      assertThat(taken).isEmpty();
      assertThat(soon(turn)).contains("taken");
    }
  }

  @Test
  void whoSharesItDoesSoWithOthers() {
    try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(place.share(() -> got(others.submit(() -> place.share(() -> "shared")))))
          .isEqualTo("shared");
      assertThat(place.share(() -> got(others.submit(() -> place.holdIfFree(() -> "alone")))))
          .isEmpty();
    }
  }

  @Test
  void whoSharesItDoesNotWaitToHoldItAlone() {
    assertThatThrownBy(() -> place.share(() -> place.hold(() -> "alone")))
        .isInstanceOf(IllegalStateException.class);
  }

  private static <T> T got(Future<T> future) {
    try {
      return future.get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatAVirtualThreadHoldsIsKnownToo() throws Exception {
    try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> wrong = () -> loading.hold(() -> turn.hold(() -> "out of order"));

      assertThatThrownBy(() -> virtual.submit(wrong).get())
          .hasRootCauseInstanceOf(IllegalStateException.class);
      assertThat(virtual.submit(() -> turn.hold(() -> "free")).get()).isEqualTo("free");
    }
  }
}
