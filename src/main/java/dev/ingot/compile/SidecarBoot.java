package dev.ingot.compile;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that is being started, in the background. It is ready once it has answered. */
final class SidecarBoot {

  private static final Logger log = LoggerFactory.getLogger(SidecarBoot.class);
  private static final int ATTEMPTS = 2;

  private final ProcessStarter node;
  private final Duration deadline;
  private final SidecarProcess.Surroundings surroundings;
  private @Nullable SidecarProcess process;
  private volatile @Nullable Throwable failure;
  private boolean closed;

  SidecarBoot(ProcessStarter node, Duration deadline, SidecarProcess.Surroundings surroundings) {
    this.node = node;
    this.deadline = deadline;
    this.surroundings = surroundings;
  }

  /**
   * Begins.
   *
   * @param done is told of the end, with the process or, when there is a {@link #failure}, null
   */
  SidecarBoot start(Consumer<@Nullable SidecarProcess> done) {
    surroundings.threads().pipe("sidecar-boot", () -> done.accept(bootOrFail()));
    return this;
  }

  private @Nullable SidecarProcess bootOrFail() {
    try {
      return boot();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = e;
    } catch (Exception | Error e) {
      // Whatever it is, somebody may wait for this process and must be told.
      failure = e;
    }
    return null;
  }

  private SidecarProcess boot() throws Exception {
    for (int attempt = 1; ; attempt++) {
      SidecarProcess started = spawn();
      try {
        var answer = started.request("ping", Map.of(), deadline, (m, p) -> p);
        log.debug("Compiler process {} is ready: {}", started.pid(), answer);
        return started;
      } catch (SidecarProcess.Died e) {
        if (isClosed() || (!node.failed() && (e.byWork() || attempt == ATTEMPTS))) {
          throw e;
        }
      }
    }
  }

  private synchronized SidecarProcess spawn() throws Exception {
    if (closed) {
      throw new IllegalStateException("the server is shutting down");
    }
    SidecarProcess spawned = new SidecarProcess(node.start(), surroundings);
    process = spawned;
    return spawned;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /** Ends the process, whether or not it is ready. */
  synchronized void close() {
    closed = true;
    if (process != null) {
      process.close();
    }
  }
}
