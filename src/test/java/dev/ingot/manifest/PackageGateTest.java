package dev.ingot.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.ManifestVersion.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class PackageGateTest {

  private static final Cause RUN = new Cause.Run("r2");
  private static final Cause TEARDOWN = new Cause.Teardown();

  private final PackageGate gate = new PackageGate(Contents.KEY);
  private final LoadedPackage content = Contents.content("source: a is b");
  private final ServedPackage first = Contents.served(content, 1, new Cause.Run("r1"));
  private final ServedPackage second = Contents.served(content, 2, RUN);

  @Test
  void whatIsAnnouncedIsServedOnlyWhenItIsSeenToBePublished() {
    gate.serve(first);

    gate.announce(RUN, second);
    assertThat(gate.served()).contains(first);

    assertThat(gate.finish(RUN)).contains(first);
    assertThat(gate.served()).contains(second);
  }

  @Test
  void itIsServedOnceWhoeverSeesItFirst() {
    gate.serve(first);
    gate.announce(RUN, second);
    gate.finish(RUN);
    ServedPackage reloaded = Contents.served(Contents.content("source: a is c"), 2, RUN);
    gate.serve(reloaded);

    assertThat(gate.finish(RUN)).isEmpty();

    assertThat(gate.served()).contains(reloaded);
  }

  @Test
  void anotherRunsSuccessIsNotThatOfTheAnnounced() {
    gate.serve(first);
    gate.announce(RUN, second);

    assertThat(gate.finish(new Cause.Run("r1"))).isEmpty();

    assertThat(gate.served()).contains(first);
  }

  @Test
  void whatWasWithdrawnIsNeverServed() {
    gate.serve(first);
    gate.announce(RUN, second);

    gate.withdraw(RUN);

    assertThat(gate.finish(RUN)).isEmpty();
    assertThat(gate.served()).contains(first);
  }

  @Test
  void whatIsServedAfterAPublicationOfUnknownOutcomeStays() {
    gate.serve(first);
    gate.announce(RUN, second);
    ServedPackage reloaded = Contents.served(content, 2, RUN);
    gate.serve(reloaded);

    assertThat(gate.finish(RUN)).isEmpty();

    assertThat(gate.served()).contains(reloaded);
  }

  @Test
  void aVersionIsKnownByItsNumberToo() {
    ServedPackage torn = Contents.served(content, 3, TEARDOWN);
    gate.serve(torn);
    ServedPackage again = Contents.served(content, 4, TEARDOWN);
    gate.announce(TEARDOWN, again);

    assertThat(gate.finish(Contents.version(3, TEARDOWN))).isEmpty();
    assertThat(gate.served()).contains(torn);

    assertThat(gate.finish(Contents.version(4, TEARDOWN))).contains(torn);
    assertThat(gate.served()).contains(again);
  }

  @Test
  void whatAQueryStillReadsIsHeld() {
    gate.serve(first);
    try (ServedPackage.Pin pin = first.pin()) {
      gate.serve(second);

      assertThat(gate.held()).containsExactlyInAnyOrder("g1", "g2");
      assertThat(gate.read()).containsExactly(pin.served().versionNumber());
      assertThat(gate.awaitReaders(Duration.ZERO)).isFalse();
    }

    assertThat(gate.awaitReaders(Duration.ZERO)).isTrue();
    assertThat(gate.held()).containsExactly("g2");
    assertThat(gate.read()).isEmpty();
  }

  @Test
  void whatIsRetiredIsHeldUntilItsQueriesEnd() {
    gate.serve(first);
    try (ServedPackage.Pin pin = first.pin()) {
      gate.retire();

      assertThat(gate.served()).isEmpty();
      assertThat(gate.held()).isEqualTo(pin.served().generations());
    }
    assertThat(gate.held()).isEmpty();
  }

  /** Whoever has read from the records that it was published finds it served, whoever serves it. */
  @RepeatedTest(50)
  void whoSeesItPublishedNeverFindsWhatWasBefore() throws Exception {
    gate.serve(first);
    gate.announce(RUN, second);
    var start = new CyclicBarrier(4);
    try (ExecutorService readers = Executors.newFixedThreadPool(4)) {
      var seen = new ArrayList<Future<Optional<ServedPackage>>>();
      for (int i = 0; i < 4; i++) {
        seen.add(
            readers.submit(() -> {
              start.await(10, TimeUnit.SECONDS);
              gate.finish(RUN);
              return gate.served();
            }));
      }
      for (Future<Optional<ServedPackage>> one : seen) {
        assertThat(one.get()).contains(second);
      }
    }
    assertThat(List.of(first.pins(), second.pins())).containsExactly(0, 0);
  }
}
