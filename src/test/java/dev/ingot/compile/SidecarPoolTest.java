package dev.ingot.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ingot.testing.Wait;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Which process works on what, and what becomes of those that hang, die or never come to be. The
 * processes are fakes; whoever asks is a virtual thread.
 */
class SidecarPoolTest {

  private static final int KILLED = 137;
  private static final int ABORTED = 134;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private FakeSidecars sidecars = new FakeSidecars(4, Map.of());

  @AfterEach
  void stop() {
    sidecars.close();
    callers.shutdownNow();
  }

  /** Asks for work on a content's models; gives the process that did it. */
  private Future<Long> ask(String content, String method) {
    return ask(content, "", method);
  }

  /** The same for a text over it. */
  private Future<Long> ask(String content, String text, String method) {
    return callers.submit(() -> asked(content, text, method));
  }

  /** The same, and returns once it waits for a process. */
  private Future<Long> queued(String content, String text, String method) {
    var task = new FutureTask<>(() -> asked(content, text, method));
    Thread thread = Thread.ofVirtual().start(task);
    Wait.until("it waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
    return task;
  }

  private long asked(String content, String text, String method) throws Exception {
    return sidecars
        .pool()
        .call(
            content,
            text,
            process -> {
              process.request(method, Map.of(), PATIENCE, (asked, params) -> params);
              return process.pid();
            });
  }

  private Throwable failure(Future<?> asked) {
    return Objects.requireNonNull(
        catchThrowableOfType(ExecutionException.class, asked::get).getCause());
  }

  @Test
  void requestsTakeTurnsOnTheOldestBesideAWarmSpare() throws Exception {
    assertThat(ask("a", "echo").get()).isEqualTo(1);
    assertThat(ask("b", "echo").get()).isEqualTo(1);
    sidecars.awaitAsked(2, "ping");

    assertThat(ask("c", "echo").get()).isEqualTo(1);
    assertThat(sidecars.count()).isEqualTo(2);
  }

  @Test
  void whoHasWaitedForLongTakesTheSpareWhichThenWorksBesideTheOldest() throws Exception {
    assertThat(ask("a", "echo").get()).isEqualTo(1);
    sidecars.awaitAsked(2, "ping");
    Future<Long> first = ask("a", "slow", "hang");
    sidecars.awaitAsked(1, "hang");
    Future<Long> second = queued("a", "other", "echo");
    assertThat(second.isDone()).isFalse();

    sidecars.letTimePass(Duration.ofMillis(300));

    assertThat(second.get()).isEqualTo(2);
    assertThat(ask("a", "third", "echo").get()).as("which has the content now").isEqualTo(2);
    assertThat(first.isDone()).isFalse();
  }

  @Test
  void oneThatIsStuckIsPassedByOthersAndItsOwnContentWaitsBehindIt() throws Exception {
    Future<Long> hanging = ask("a", "hang");
    sidecars.awaitAsked(1, "hang");
    sidecars.awaitAsked(2, "ping");
    sidecars.letSilenceGrow();

    assertThat(ask("b", "echo").get()).isEqualTo(2);
    Future<Long> behind = ask("a", "echo");
    sidecars.awaitAsked(3, "ping");
    assertThat(ask("b", "echo").get()).isEqualTo(2);
    assertThat(hanging).isNotDone();
    assertThat(behind).isNotDone();

    sidecars.get(1).answerAfterAll();
    assertThat(hanging.get()).isEqualTo(1);
    assertThat(behind.get()).as("its turn on the same process").isEqualTo(1);
    assertThat(ask("c", "echo").get()).as("first in line again").isEqualTo(1);
    Wait.until("the one too many is gone", () -> sidecars.alive().size() == 2);
    assertThat(sidecars.get(1).isAlive()).isTrue();
  }

  @Test
  void aTextThatIsStuckIsPassedByOthersOfItsContentButNotByTheSameText() throws Exception {
    Future<Long> hanging = ask("a", "slow", "hang");
    sidecars.awaitAsked(1, "hang");
    sidecars.awaitAsked(2, "ping");
    Future<Long> atFirst = ask("a", "other", "echo");
    sidecars.letSilenceGrow();

    assertThat(atFirst.get()).isEqualTo(2);
    assertThat(ask("a", "other", "echo").get()).isEqualTo(2);
    assertThat(ask("a", "echo").get()).as("the content's models").isEqualTo(2);
    Future<Long> same = ask("a", "slow", "echo");
    assertThat(ask("a", "other", "echo").get()).isEqualTo(2);
    assertThat(hanging).isNotDone();
    assertThat(same).isNotDone();

    sidecars.get(1).answerAfterAll();
    assertThat(hanging.get()).isEqualTo(1);
    assertThat(same.get()).isEqualTo(1);
  }

  @Test
  void whenAllAreStuckTheOldestTextIsGivenUpForWhoWaits() throws Exception {
    sidecars.close();
    sidecars = new FakeSidecars(2, Map.of());
    Future<Long> models = ask("a", "hang");
    sidecars.awaitAsked(1, "hang");
    sidecars.awaitAsked(2, "ping");
    sidecars.letSilenceGrow();
    Future<Long> text = ask("b", "slow", "hang");
    sidecars.awaitAsked(2, "hang");
    sidecars.letSilenceGrow();
    sidecars.letSilenceGrow();

    assertThat(ask("b", "other", "echo").get()).isEqualTo(3);

    assertThat(failure(text))
        .isInstanceOfSatisfying(
            SidecarProcess.Died.class,
            died -> {
              assertThat(died.cause()).isEqualTo(SidecarProcess.Died.Cause.GIVEN_UP);
              assertThat(died.why()).contains("3000 ms while others waited");
            });
    assertThat(models).isNotDone();
  }

  @Test
  void thereAreNeverMoreThanTheSettingSays() throws Exception {
    sidecars.close();
    sidecars = new FakeSidecars(2, Map.of());
    Future<Long> first = ask("a", "hang");
    sidecars.awaitAsked(1, "hang");
    sidecars.awaitAsked(2, "ping");
    sidecars.letSilenceGrow();
    Future<Long> second = ask("b", "hang");
    sidecars.awaitAsked(2, "hang");
    sidecars.letSilenceGrow();

    Future<Long> third = ask("c", "echo");
    sidecars.get(2).answerAfterAll();

    assertThat(third.get()).isEqualTo(2);
    assertThat(second.get()).isEqualTo(2);
    assertThat(first).isNotDone();
    assertThat(sidecars.count()).isEqualTo(2);
  }

  @Test
  void workWhoseProcessSomebodyKilledIsDoneOnAnother() throws Exception {
    Future<Long> work =
        callers.submit(() ->
            sidecars
                .pool()
                .call(
                    "a",
                    process -> {
                      String method = process.pid() == 1 ? "exit" : "echo";
                      process.request(method, Map.of(), PATIENCE, (asked, params) -> params);
                      return process.pid();
                    }));

    assertThat(work.get()).isEqualTo(2);
  }

  @Test
  void workThatIsKilledAgainAndAgainIsGivenUp() {
    Future<Long> work = ask("a", "hang");
    for (int i = 1; i <= 3; i++) {
      sidecars.awaitAsked(i, "hang");
      sidecars.get(i).end(KILLED);
    }

    assertThat(failure(work))
        .isInstanceOfSatisfying(
            SidecarProcess.Died.class,
            died -> {
              assertThat(died.byWork()).isFalse();
              assertThat(died.why()).contains("exit code 137");
            });
    assertThat(sidecars.asked("hang")).isEqualTo(3);
  }

  @Test
  void workThatEndsItsProcessItselfIsNotDoneTwice() throws Exception {
    Future<Long> work = ask("a", "hang");
    sidecars.awaitAsked(1, "hang");
    sidecars.get(1).end(ABORTED);

    assertThat(failure(work))
        .isInstanceOfSatisfying(
            SidecarProcess.Died.class,
            died -> {
              assertThat(died.byWork()).isTrue();
              assertThat(died.why()).contains("out of memory");
            });
    assertThat(sidecars.asked("hang")).isEqualTo(1);
    assertThat(ask("a", "echo").get()).isEqualTo(2);
  }

  @Test
  void oneThatStandsStillIsEndedAndItsWorkIsDoneOnAnother() throws Exception {
    assertThat(ask("a", "echo").get()).isEqualTo(1);
    sidecars.awaitAsked(2, "ping");

    sidecars.get(1).standStill();

    assertThat(ask("a", "echo").get()).isGreaterThan(1);
    assertThat(sidecars.get(1).isAlive()).isFalse();
  }

  @Test
  void whereNoneCanBeStartedThatIsSaidAndTheNextOneIsTriedAgain() throws Exception {
    assertThat(ask("a", "echo").get()).isEqualTo(1);
    sidecars.awaitAsked(2, "ping");
    sidecars.broken(true);
    sidecars.alive().forEach(sidecar -> sidecar.end(KILLED));

    assertThat(failure(ask("a", "echo")))
        .isInstanceOf(SidecarPool.Unavailable.class)
        .hasMessageContaining("no such program");

    sidecars.broken(false);
    Wait.until("it is back", () -> comesBack(ask("a", "echo")));
  }

  private static boolean comesBack(Future<Long> asked) {
    try {
      return asked.get() > 2;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(SidecarPool.Unavailable.class);
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoeverWaitsWhenTheServerEndsIsToldSo() {
    Future<Long> working = ask("a", "hang");
    sidecars.awaitAsked(1, "hang");
    Future<Long> waiting = ask("a", "echo");

    sidecars.pool().destroy();

    assertThat(failure(waiting))
        .isInstanceOf(SidecarPool.Unavailable.class)
        .hasMessageContaining("shutting down");
    assertThat(failure(working)).isInstanceOf(SidecarProcess.Died.class);
    assertThat(sidecars.alive()).isEmpty();
  }
}
