package dev.ingot.materialization;

import dev.ingot.threads.Tasks;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Stops the runs while the web server answers its last requests: both have the same time. */
@Component
class RunShutdown implements SmartLifecycle {

  /** Of the web server's graceful end. */
  private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024;

  private final RunExecutor executor;
  private final ShutdownSettings settings;
  private final Tasks tasks;
  private volatile boolean running;

  RunShutdown(RunExecutor executor, ShutdownSettings settings, Tasks tasks) {
    this.executor = executor;
    this.settings = settings;
    this.tasks = tasks;
  }

  @Override
  public void start() {
    running = true;
  }

  /** On a thread of its own, because Spring asks those of one phase in turn. */
  @Override
  public void stop(Runnable done) {
    tasks.start(
        "stop-runs",
        () -> {
          stop();
          done.run();
        });
  }

  @Override
  public void stop() {
    executor.stopAll(settings.shutdownGrace());
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
