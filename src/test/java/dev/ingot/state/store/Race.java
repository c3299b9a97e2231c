package dev.ingot.state.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that go off together. */
public final class Race {

  private Race() {}

  /** What one of them does. */
  public interface Attempt<T> {
    T run(int thread) throws Exception;
  }

  /** Lets so many threads go off together, and waits for all. */
  public static <T> List<T> atOnce(int threads, Attempt<T> attempt)
      throws InterruptedException, ExecutionException {
    var barrier = new CyclicBarrier(threads);
    // On platform threads: a DuckDB call holds a virtual one's carrier.
    try (var executor = Executors.newFixedThreadPool(threads)) {
      var futures = new ArrayList<Future<T>>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        futures.add(
            executor.submit(() -> {
              barrier.await();
              return attempt.run(thread);
            }));
      }
      var results = new ArrayList<T>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }
}
