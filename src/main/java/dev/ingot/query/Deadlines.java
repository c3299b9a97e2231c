package dev.ingot.query;

import dev.ingot.engine.Cancellation;
import dev.ingot.threads.Tasks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Cancels statements whose time is over. */
@Component
class Deadlines {

  private final Tasks tasks;

  Deadlines(Tasks tasks) {
    this.tasks = tasks;
  }

  /** Ends with whatever was not to last longer. */
  interface Deadline extends AutoCloseable {
    @Override
    void close();
  }

  /** Cancels after this long unless the returned one is closed before. */
  Deadline cancelAfter(Duration time, Cancellation cancellation, String reason) {
    var over = new CompletableFuture<Boolean>();
    var _ =
        over.completeOnTimeout(true, time.toMillis(), TimeUnit.MILLISECONDS)
            .thenAccept(isOver -> {
              if (isOver) {
                tasks.start("query-deadline", () -> cancellation.cancel(reason));
              }
            });
    // Not cancelled, which would make an exception with all of the stack, for each query.
    return () -> over.complete(false);
  }
}
