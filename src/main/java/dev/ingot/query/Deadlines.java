package dev.ingot.query;

import dev.ingot.engine.Cancellation;
import dev.ingot.threads.Tasks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Cancels statements whose time is over. */
@Component
class Deadlines {

  private final Tasks tasks;

  Deadlines(Tasks tasks) {
    this.tasks = tasks;
  }

  /** Cancels after this long unless the returned future is cancelled before. */
  Future<?> cancelAfter(Duration time, Cancellation cancellation, String reason) {
    var over = new CompletableFuture<Boolean>();
    var _ =
        over.completeOnTimeout(true, time.toMillis(), TimeUnit.MILLISECONDS)
            .thenAcceptAsync(
                yes -> cancellation.cancel(reason), work -> tasks.start("query-deadline", work));
    return over;
  }
}
