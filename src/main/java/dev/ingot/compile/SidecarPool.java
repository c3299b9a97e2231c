package dev.ingot.compile;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One process at work and a warm spare behind it. Requests take turns, so when a process hangs or
 * dies it is known whose request did it.
 */
@Component
class SidecarPool implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(SidecarPool.class);

  private final NodeRuntime node;
  private final CompilerSettings settings;
  private final JsonMapper json;
  private final ReentrantLock turn = new ReentrantLock(true);
  private @Nullable SidecarProcess active;
  private CompletableFuture<SidecarProcess> spare;
  private volatile boolean closed;

  /** A piece of work that has the process for itself. */
  interface Work<T> {
    T on(SidecarProcess process)
        throws SidecarProcess.Died, SidecarProcess.Refused, InterruptedException;
  }

  SidecarPool(NodeRuntime node, CompilerSettings settings, JsonMapper json) {
    this.node = node;
    this.settings = settings;
    this.json = json;
    spare = boot();
  }

  <T> T call(Work<T> work)
      throws SidecarProcess.Died, SidecarProcess.Refused, InterruptedException {
    turn.lockInterruptibly();
    try {
      return work.on(process());
    } finally {
      turn.unlock();
    }
  }

  private SidecarProcess process() throws SidecarProcess.Died {
    SidecarProcess current = active;
    if (current != null && current.isAlive()) {
      return current;
    }
    if (closed) {
      throw new SidecarProcess.Died("the server is shutting down", null);
    }
    CompletableFuture<SidecarProcess> next = spare;
    spare = boot();
    try {
      SidecarProcess fresh = next.join();
      // A spare may have been killed while it waited; the one being started now replaces it.
      active = fresh.isAlive() ? fresh : spare.join();
      return active;
    } catch (CompletionException e) {
      throw new SidecarProcess.Died("could not be started: " + e.getCause(), e);
    }
  }

  private CompletableFuture<SidecarProcess> boot() {
    var started = new CompletableFuture<SidecarProcess>();
    Thread.ofPlatform().daemon().name("sidecar-boot").start(() -> start(started));
    return started;
  }

  private void start(CompletableFuture<SidecarProcess> started) {
    try {
      var process = new SidecarProcess(node.start(), json);
      JsonNode answer =
          process.request("ping", json.createObjectNode(), settings.startDeadline(), (m, p) -> p);
      log.debug("Compiler process {} is ready: {}", process.pid(), answer);
      started.complete(process);
      if (closed) {
        process.close();
      }
    } catch (IOException | SidecarProcess.Died | SidecarProcess.Refused e) {
      started.completeExceptionally(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      started.completeExceptionally(e);
    }
  }

  @Override
  public void destroy() {
    closed = true;
    SidecarProcess current = active;
    if (current != null) {
      current.close();
    }
    SidecarProcess waiting = spare.getNow(null);
    if (waiting != null) {
      waiting.close();
    }
  }
}
