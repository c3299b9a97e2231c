package dev.ingot.materialization;

import dev.ingot.engine.Cancellation;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stops what is done for one run, whenever that comes: also before it has a plan, and between two
 * of its statements.
 */
final class RunStop {

  private final Set<Cancellation> running = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String why;

  /** Ends what runs on the engines; what hasn't started never does. */
  void stop(String reason) {
    why = reason;
    cancelRunning(reason);
  }

  /** Ends what runs now, and nothing else. */
  void cancelRunning(String reason) {
    running.forEach(cancellation -> cancellation.cancel(reason));
  }

  /** Why it was stopped; empty while it wasn't. */
  Optional<String> why() {
    return Optional.ofNullable(why);
  }

  /** For a statement that begins now; cancelled already when the run was stopped. */
  Cancellation begin() {
    var cancellation = new Cancellation();
    running.add(cancellation);
    // The stop may have come before this one was among the running.
    why().ifPresent(cancellation::cancel);
    return cancellation;
  }

  void ended(Cancellation cancellation) {
    running.remove(cancellation);
  }
}
