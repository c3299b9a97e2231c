package dev.ingot.compile;

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

  /** There is no process to work with, which is nobody's models' fault. */
  static final class Unavailable extends Exception {
    Unavailable(String why, @Nullable Throwable cause) {
      super(why, cause);
    }
  }

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

  /**
   * Hands a process over. One that ends early, and not because it took too long, may have been
   * killed from outside: then the work is done once more, on a fresh one.
   */
  <T> T call(Work<T> work)
      throws Unavailable, SidecarProcess.Died, SidecarProcess.Refused, InterruptedException {
    turn.lockInterruptibly();
    try {
      try {
        return work.on(process());
      } catch (SidecarProcess.Died e) {
        if (e.late() || closed) {
          throw e;
        }
        log.warn("Compiler process {}; trying once more on another", e.why());
        return work.on(process());
      }
    } finally {
      turn.unlock();
    }
  }

  private SidecarProcess process() throws Unavailable {
    SidecarProcess current = active;
    if (current != null && current.isAlive()) {
      return current;
    }
    if (closed) {
      throw new Unavailable("the server is shutting down", null);
    }
    CompletableFuture<SidecarProcess> next = spare;
    spare = boot();
    try {
      SidecarProcess fresh = next.join();
      if (!fresh.isAlive()) {
        // It was killed while it waited; the one being started now replaces it.
        next = spare;
        spare = boot();
        fresh = next.join();
      }
      active = fresh;
      return fresh;
    } catch (CompletionException e) {
      throw new Unavailable("it could not be started: " + cause(e), e);
    }
  }

  private static String cause(CompletionException e) {
    Throwable cause = e.getCause();
    return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
  }

  private CompletableFuture<SidecarProcess> boot() {
    var started = new CompletableFuture<SidecarProcess>();
    Thread.ofPlatform().daemon().name("sidecar-boot").start(() -> start(started));
    return started;
  }

  private void start(CompletableFuture<SidecarProcess> started) {
    SidecarProcess process = null;
    try {
      process = new SidecarProcess(node.start(), json);
      JsonNode answer =
          process.request("ping", json.createObjectNode(), settings.startDeadline(), (m, p) -> p);
      log.debug("Compiler process {} is ready: {}", process.pid(), answer);
      started.complete(process);
      if (closed) {
        process.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      started.completeExceptionally(e);
    } catch (Exception | Error e) {
      // Whatever it is, somebody may wait for this future and must be told.
      started.completeExceptionally(e);
      if (process != null) {
        process.close();
      }
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
