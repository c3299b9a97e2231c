package dev.ingot.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Cancellation.CancelledException;
import dev.ingot.testing.Wait;
import dev.ingot.threads.PlatformCalls;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can't be interrupted is left, and nothing comes of it. */
@Timeout(60)
class CancellationTest {

  private final PlatformCalls calls = new PlatformCalls("calls", 1);
  private final Cancellation cancellation = new Cancellation();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger told = new AtomicInteger();
  private final CompletableFuture<String> outcome = new CompletableFuture<>();

  @AfterEach
  void close() {
    end.countDown();
    calls.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A statement that heeds no cancel, and what its own thread makes of its end. */
  private String statement() {
    try {
      String result =
          cancellation.run(
              told::incrementAndGet,
              () -> {
                begun.countDown();
                await(end);
                return "rows";
              });
      outcome.complete("committed");
      return result;
    } catch (CancelledException e) {
      outcome.complete("rolled back");
      throw e;
    }
  }

  @Test
  void theCallerLeavesWhatDoesntEndAndItIsRolledBackWhenItDoes() {
    var call = CompletableFuture.supplyAsync(() -> cancellation.call(calls, this::statement));
    await(begun);
    assertThat(cancellation.isLeft()).isFalse();

    cancellation.cancel("enough");

    assertThatThrownBy(call::join)
        .cause()
        .isInstanceOf(CancelledException.class)
        .hasMessage("enough; the database can't interrupt it, so it still runs");
    assertThat(cancellation.isLeft()).isTrue();
    assertThat(cancellation.reason()).isEqualTo("enough");
    int before = told.get();
    Wait.until("it is told again and again", () -> told.get() > before);
    assertThat(outcome).isNotDone();
    end.countDown();
    assertThat(outcome.join()).isEqualTo("rolled back");
  }

  @Test
  void whatHasDoneItsWorkIsWaitedForAsItMayCommit() {
    var committing = new CountDownLatch(1);
    var call =
        CompletableFuture.supplyAsync(() ->
            cancellation.call(
                calls,
                () -> {
                  String rows = cancellation.run(told::incrementAndGet, () -> "rows");
                  committing.countDown();
                  await(end);
                  return rows;
                }));
    await(committing);

    cancellation.cancel("too late");
    // Longer than the end of what can be left is waited for.
    long until = System.nanoTime() + 800_000_000;
    Wait.until("it would have been left", () -> System.nanoTime() > until);

    assertThat(cancellation.isLeft()).isFalse();
    assertThat(call).isNotDone();
    end.countDown();
    assertThat(call.join()).isEqualTo("rows");
  }

  @Test
  void whatHasNotComeToItsStatementIsLeftTooAndNeverRunsIt() {
    var ran = new AtomicReference<>("nothing");
    var call =
        CompletableFuture.supplyAsync(() ->
            cancellation.call(
                calls,
                () -> {
                  begun.countDown();
                  await(end);
                  try {
                    return cancellation.run(told::incrementAndGet, () -> ran.getAndSet("it"));
                  } catch (CancelledException e) {
                    outcome.complete("refused");
                    throw e;
                  }
                }));
    await(begun);

    cancellation.cancel("enough");

    assertThatThrownBy(call::join).cause().isInstanceOf(CancelledException.class);
    end.countDown();
    assertThat(outcome.join()).isEqualTo("refused");
    assertThat(ran.get()).isEqualTo("nothing");
  }
}
