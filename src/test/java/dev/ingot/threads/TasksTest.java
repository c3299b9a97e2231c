package dev.ingot.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TasksTest {

  private final Background tasks =
      new Background(Thread.ofVirtual().factory(), ObservationRegistry.NOOP);

  @AfterEach
  void close() {
    tasks.close();
  }

  @Test
  void workHasAThreadOfItsOwnWithItsName() throws Exception {
    var together = new CountDownLatch(2);
    BlockingQueue<String> names = new LinkedBlockingQueue<>();
    for (String name : List.of("one", "two")) {
      tasks.start(
          name,
          () -> {
            together.countDown();
            await(together);
            names.add(Thread.currentThread().getName());
          });
    }

    assertThat(List.of(names.take(), names.take())).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void aResultOrWhatWasThrownIsHandedOver() {
    assertThat(tasks.supply("x", () -> 7).join()).isEqualTo(7);
    assertThatThrownBy(() ->
            tasks
                .supply(
                    "x",
                    () -> {
                      throw new IllegalStateException("no");
                    })
                .get())
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("no");
  }

  @Test
  void whatIsRepeatedGoesOnAfterAnErrorUntilItIsEnded() throws Exception {
    var rounds = new AtomicInteger();
    var third = new CountDownLatch(3);

    Runnable end =
        tasks.every(
            Duration.ofMillis(1),
            "rounds",
            () -> {
              rounds.incrementAndGet();
              third.countDown();
              throw new IllegalStateException("a test's round");
            });
    third.await();
    end.run();

    assertThat(rounds.get()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void whatHasToStayInOrderIsDoneOneByOneAlsoAfterWhatThrew() throws Exception {
    // Not those of the test, whose uncaught errors are printed.
    Tasks quiet =
        (name, work) ->
            Thread.ofVirtual().uncaughtExceptionHandler((thread, error) -> {}).start(work);
    var order = new ArrayList<Integer>();
    var done = new CountDownLatch(1);
    try (var follower = new InOrder(quiet, "in order")) {
      for (int i = 0; i < 100; i++) {
        int n = i;
        follower.then(() -> {
          order.add(n);
          if (n % 10 == 3) {
            throw new IllegalStateException("a test's error");
          }
        });
      }
      follower.then(done::countDown);
      assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(order).hasSize(100).isSorted();
  }

  @Test
  void whatHasNotBegunIsDroppedWhenItIsClosed() throws Exception {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    BlockingQueue<String> done = new LinkedBlockingQueue<>();
    try (var follower = new InOrder(tasks, "in order")) {
      follower.then(() -> {
        begun.countDown();
        await(goOn);
        done.add("first");
        ended.countDown();
      });
      follower.then(() -> done.add("second"));
      begun.await();
    }
    goOn.countDown();
    ended.await();

    assertThat(done).containsExactly("first");
  }

  @Test
  void nothingIsTakenOnceTheServerEnds() {
    tasks.close();

    assertThatThrownBy(() -> tasks.start("late", () -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void workIsAPartOfWhatItWasStartedForAndWhatComesAgainAndAgainIsNot() throws Exception {
    ObservationRegistry observations = ObservationRegistry.create();
    observations.observationConfig().observationHandler(context -> true);
    BlockingQueue<String> within = new LinkedBlockingQueue<>();
    Runnable look =
        () -> {
          Observation current = observations.getCurrentObservation();
          within.add(current == null ? "nothing" : current.getContext().getName());
        };
    try (var watched = new Background(Thread.ofVirtual().factory(), observations)) {
      Observation.createNotStarted("request", observations)
          .observe(() -> {
            watched.start("one", look);
          });
      assertThat(within.take()).isEqualTo("request");
      Runnable end =
          Observation.createNotStarted("request", observations)
              .observe(() -> watched.every(Duration.ofMillis(1), "again", look));
      assertThat(within.take()).isEqualTo("nothing");
      end.run();
    }
  }
}
