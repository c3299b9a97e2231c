package dev.ingot.threads;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** Each on a thread of its own. */
final class Background implements Tasks, AutoCloseable {

  private final ExecutorService threads;

  Background(ThreadFactory factory) {
    threads = Executors.newThreadPerTaskExecutor(factory);
  }

  @Override
  public void start(String name, Runnable work) {
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
