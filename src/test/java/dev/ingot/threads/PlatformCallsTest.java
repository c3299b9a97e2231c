package dev.ingot.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.threads.PlatformCalls.Handed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlatformCallsTest {

  private final PlatformCalls calls = new PlatformCalls("calls", 1);

  @AfterEach
  void close() {
    calls.close();
  }

  @Test
  void aVirtualThreadsCallIsMadeOnAPlatformThread() throws Exception {
    try (var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      boolean carried =
          virtual.submit(() -> calls.call(() -> Thread.currentThread().isVirtual())).get();
      assertThat(carried).isFalse();
      assertThatThrownBy(() -> virtual.submit(PlatformCalls::requirePlatformThread).get())
          .hasRootCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aPlatformThreadsCallStaysWhereItIs() {
    assertThat(calls.<Thread, RuntimeException>call(Thread::currentThread))
        .isSameAs(Thread.currentThread());
  }

  @Test
  void aCallThatMakesAnotherWaitsForNoPlaceOfItsOwn() throws Exception {
    try (var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(virtual.submit(() -> calls.call(() -> calls.call(() -> 7))).get()).isEqualTo(7);
    }
  }

  @Test
  void whatTheWorkThrowsArrivesAsItIs() throws Exception {
    try (var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      var failing =
          virtual.submit(() ->
              calls.call(() -> {
                throw new IOException("no room");
              }));
      assertThatThrownBy(failing::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessage("no room");
    }
  }

  @Test
  void whatWaitsCanBeTakenBackAndWhatRunsCannot() throws Exception {
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    Handed<Integer> running =
        calls.hand(() -> {
          begun.countDown();
          end.await();
          return 1;
        });
    Handed<Integer> waiting = calls.hand(() -> 2);
    begun.await();
    assertThat(waiting.takeBack()).isTrue();
    assertThat(running.takeBack()).isFalse();
    end.countDown();
    assertThat(running.await()).isEqualTo(1);
    assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
  }

  @Test
  void whatIsLeftGoesOnAndKeepsNobodyFromAPlace() throws Exception {
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    Handed<Integer> endless =
        calls.hand(() -> {
          begun.countDown();
          end.await();
          ended.countDown();
          return 1;
        });
    begun.await();

    assertThat(endless.leave()).isTrue();

    assertThatThrownBy(endless::await).isInstanceOf(CancellationException.class);
    assertThat(calls.hand(() -> 2).await()).isEqualTo(2);
    end.countDown();
    ended.await();
    Handed<Integer> after = calls.hand(() -> 3);
    assertThat(after.await()).isEqualTo(3);
    assertThat(after.leave()).isFalse();
  }

  @Test
  void withoutABoundNoCallWaitsForAnother() throws Exception {
    try (var unbounded = PlatformCalls.unbounded("many")) {
      var end = new CountDownLatch(20);
      var handed = new ArrayList<Handed<Boolean>>();
      for (int i = 0; i < 20; i++) {
        handed.add(
            unbounded.hand(() -> {
              end.countDown();
              end.await();
              return true;
            }));
      }
      for (Handed<Boolean> one : handed) {
        assertThat(one.await()).isTrue();
      }
    }
  }
}
