package dev.ingot.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.compile.CompiledPackage;
import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Cancellation.CancelledException;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.testing.Wait;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CompileOnceTest {

  private static final CompiledPackage COMPILED =
      new CompiledPackage(List.of(), List.of(), List.of(), List.of());

  private final AtomicInteger begun = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final CompileOnce once = new CompileOnce(this::compile);

  @AfterEach
  void close() {
    end.countDown();
    callers.close();
  }

  private CompiledPackage compile() {
    begun.incrementAndGet();
    try {
      end.await();
      return COMPILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(FaultCode.CANCELLED, "Interrupted while compiling", e);
    }
  }

  private CompletableFuture<CompiledPackage> ask(Cancellation cancellation) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return once.get(cancellation);
          } finally {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
          }
        },
        callers);
  }

  @Test
  void manyWhoAskAtOnceGetOneCompilation() {
    var first = ask(new Cancellation());
    Wait.until("it compiles", () -> begun.get() == 1);
    var second = ask(new Cancellation());
    end.countDown();

    assertThat(first.join()).isSameAs(COMPILED);
    assertThat(second.join()).isSameAs(COMPILED);
    assertThat(once.get(new Cancellation())).isSameAs(COMPILED);
    assertThat(begun.get()).isEqualTo(1);
  }

  @Test
  void whoAsksJustWhenItEndsHasItNotCompiledAgain() throws InterruptedException {
    var first = ask(new Cancellation());
    Wait.until("it compiles", () -> begun.get() == 1);
    var late = new Cancellation();
    Thread second = Thread.ofPlatform().unstarted(() -> once.get(late));
    // It has seen by then that nothing is compiled, and registers next.
    synchronized (late) {
      second.start();
      Wait.until("it registers", () -> second.getState() == Thread.State.BLOCKED);
      end.countDown();
      assertThat(first.join()).isSameAs(COMPILED);
    }
    second.join();
    assertThat(begun.get()).isEqualTo(1);
  }

  @Test
  void whoIsCancelledLeavesAndTheOthersAreCompiledFor() {
    var compiling = new Cancellation();
    var waiting = new Cancellation();
    var first = ask(compiling);
    Wait.until("it compiles", () -> begun.get() == 1);
    var second = ask(waiting);
    var third = ask(new Cancellation());

    waiting.cancel("stopped by the test");
    assertThatThrownBy(second::join).cause().isInstanceOf(CancelledException.class);
    assertThat(first).isNotDone();

    compiling.cancel("stopped by the test");
    assertThatThrownBy(first::join)
        .cause()
        .isInstanceOf(CancelledException.class)
        .hasMessage("stopped by the test");
    Wait.until("another compiles", () -> begun.get() == 2);
    end.countDown();
    assertThat(third.join()).isSameAs(COMPILED);
  }

  @Test
  void whatFailedIsTriedAgainByTheNext() {
    var tries = new AtomicInteger();
    var failing =
        new CompileOnce(() -> {
          if (tries.incrementAndGet() == 1) {
            throw new Fault(FaultCode.COMPILER_FAILED, "lost");
          }
          return COMPILED;
        });

    assertThatThrownBy(() -> failing.get(new Cancellation())).isInstanceOf(Fault.class);
    assertThat(failing.get(new Cancellation())).isSameAs(COMPILED);
  }
}
