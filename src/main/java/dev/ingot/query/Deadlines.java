package dev.ingot.query;

import dev.ingot.engine.Cancellation;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Cancels statements whose time is over. */
@Component
class Deadlines implements DisposableBean {

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("query-deadlines").unstarted(task));

  /** Cancels after this long unless the returned future is cancelled before. */
  Future<?> cancelAfter(Duration time, Cancellation cancellation, String reason) {
    return timer.schedule(
        () -> cancellation.cancel(reason), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void destroy() {
    timer.shutdownNow();
  }
}
