package dev.ingot.threads;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** Each on a thread of its own, as a part of what it was started for. */
final class Background implements Tasks, AutoCloseable {

  private final ExecutorService threads;
  private final ObservationRegistry observations;

  Background(ThreadFactory factory, ObservationRegistry observations) {
    threads = Executors.newThreadPerTaskExecutor(factory);
    this.observations = observations;
  }

  @Override
  public void start(String name, Runnable work) {
    Observation current = observations.getCurrentObservation();
    startApart(
        name,
        current == null
            ? work
            : () -> {
              try (Observation.Scope scope = current.openScope()) {
                work.run();
              }
            });
  }

  @Override
  public void startApart(String name, Runnable work) {
    threads.execute(() -> {
      Thread.currentThread().setName(name);
      work.run();
    });
  }

  /** Takes nothing more; what runs goes on, and no longer than the process. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
