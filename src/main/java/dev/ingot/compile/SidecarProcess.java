package dev.ingot.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.fault.Fault;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One Node process, spoken to in newline-framed JSON-RPC in both directions.
 *
 * <p>Not safe for two requests at once: its owner serializes them. While a request is under way the
 * process asks for models and columns; each such question is answered on a thread of its own,
 * because one may wait for a database while the next doesn't. Whoever requests may be a virtual
 * thread: it never touches a pipe itself, and only waits for the threads that do.
 */
final class SidecarProcess implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SidecarProcess.class);
  private static final int CALLBACK_FAILED = -32000;

  /** Killed by SIGABRT, which is how V8 ends when its heap is full. */
  private static final int ABORTED = 128 + 6;

  private final Process process;
  private final JsonMapper json;
  private final SidecarThreads threads;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  /** Lines to send; an empty one ends the sender. */
  private final BlockingQueue<String> outgoing = new LinkedBlockingQueue<>();

  private final SignsOfLife life;

  /** What the process has asked and waits for, so that its silence means nothing. */
  private final AtomicInteger open = new AtomicInteger();

  private volatile boolean closed;
  private long lastId;

  private sealed interface Event {
    record Message(JsonNode node) implements Event {}

    record Ended(String why, Died.Cause cause) implements Event {}
  }

  /**
   * What every process is spoken to with.
   *
   * @param nanoTime by which its silence is measured
   */
  record Surroundings(JsonMapper json, SidecarThreads threads, LongSupplier nanoTime) {}

  /** Answers what the process asks while it works on a request. */
  interface Callbacks {
    /**
     * @throws Fault whose message becomes a diagnostic of the model
     */
    Object answer(String method, JsonNode params);
  }

  /** The process is no longer usable, and why. */
  static final class Died extends Exception {
    private final Cause cause;

    /** Of its end. */
    enum Cause {
      /** Its work took too long. */
      SLOW,
      /** Its work took too much memory. */
      MEMORY,
      /** Others waited for a process. */
      GIVEN_UP,
      /** Perhaps somebody else's doing, and the same work may succeed. */
      OUTSIDE
    }

    Died(String why, Cause cause) {
      super(why);
      this.cause = cause;
    }

    Cause cause() {
      return cause;
    }

    /** Whether what it worked on is to blame. */
    boolean byWork() {
      return cause != Cause.OUTSIDE;
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  /** The sidecar's own error answer. */
  static final class Refused extends Exception {
    private final transient @Nullable JsonNode data;

    Refused(String message, @Nullable JsonNode data) {
      super(message);
      this.data = data;
    }

    @Nullable JsonNode data() {
      return data;
    }
  }

  SidecarProcess(Process process, Surroundings surroundings) {
    this.process = process;
    this.json = surroundings.json();
    this.threads = surroundings.threads();
    life = new SignsOfLife(process.toHandle(), surroundings.nanoTime());
    threads.pipe("sidecar-in-" + process.pid(), this::sendAll);
    threads.pipe("sidecar-out-" + process.pid(), this::pump);
    threads.pipe("sidecar-err-" + process.pid(), this::drainErrors);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return !closed && process.isAlive();
  }

  /** How long nothing was heard of it. */
  Duration silence() {
    return life.silence();
  }

  /** Its silence begins anew. */
  void touch() {
    life.seen();
  }

  /** Ends it, and what it works on; whoever waits for that is told why. */
  void stop(String why) {
    events.add(new Event.Ended(why, Died.Cause.GIVEN_UP));
    close();
  }

  /** Calls this, on some thread, once the process has ended. */
  void onEnd(Runnable told) {
    var _ = process.onExit().thenRun(told);
  }

  /**
   * Sends a request and serves the process's questions until the answer is there.
   *
   * @throws Died when the process ended, spoke nonsense, was stopped from outside, or took longer
   *     than the deadline; it has been killed then
   */
  JsonNode request(String method, Object params, Duration deadline, Callbacks callbacks)
      throws Died, Refused, InterruptedException {
    long id = ++lastId;
    ObjectNode request = json.createObjectNode().put("jsonrpc", "2.0").put("id", id);
    request.put("method", method).set("params", json.valueToTree(params));
    try {
      touch();
      send(request);
      long end = System.nanoTime() + deadline.toNanos();
      while (true) {
        Event event = next(end);
        switch (event) {
          case null ->
              throw new Died(
                  "took longer than " + deadline.toMillis() + " ms and was stopped",
                  Died.Cause.SLOW);
          case Event.Ended(String why, Died.Cause cause) -> throw new Died(why, cause);
          case Event.Message(JsonNode message) when isNotification(message) -> {
            hear(message, callbacks);
          }
          case Event.Message(JsonNode message) when message.has("method") -> {
            open.incrementAndGet();
            threads.question(() -> callBack(message, callbacks));
          }
          case Event.Message(JsonNode message) when message.path("id").asLong(-1) == id -> {
            return result(message);
          }
          case Event.Message(JsonNode message) ->
              log.warn(
                  "The compiler answered a request that nobody waits for: {}", message.get("id"));
        }
      }
    } catch (Died | InterruptedException | RuntimeException e) {
      // Half a conversation can't be gone on with.
      close();
      throw e;
    }
  }

  /** What comes next; null when nothing does until the end. */
  private @Nullable Event next(long end) throws Died, InterruptedException {
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      Event event = events.poll(Math.min(left, SignsOfLife.LOOK.toNanos()), TimeUnit.NANOSECONDS);
      if (event != null) {
        boolean inPassing = event instanceof Event.Message(JsonNode said) && isNotification(said);
        if (!inPassing) {
          // How far it is says that it works, not that it is about to answer.
          touch();
        }
        return event;
      }
      if (open.get() == 0 && life.hasStopped()) {
        throw new Died("stood still and was ended", Died.Cause.OUTSIDE);
      }
    }
    return null;
  }

  /** A word in passing ends no request. */
  private static void hear(JsonNode message, Callbacks callbacks) {
    try {
      var _ = callbacks.answer(message.path("method").asString(""), message.path("params"));
    } catch (RuntimeException e) {
      log.error("What the compiler said was not understood: {}", message.path("method"), e);
    }
  }

  /** What it only says, and needs no answer to. */
  private static boolean isNotification(JsonNode message) {
    return message.has("method") && !message.has("id");
  }

  private static JsonNode result(JsonNode message) throws Refused {
    JsonNode error = message.get("error");
    if (error != null) {
      throw new Refused(error.path("message").asString(""), error.get("data"));
    }
    return message.path("result");
  }

  private void callBack(JsonNode question, Callbacks callbacks) {
    ObjectNode answer = json.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", question.get("id"));
    try {
      Object result =
          callbacks.answer(question.path("method").asString(""), question.path("params"));
      answer.set("result", json.valueToTree(result));
    } catch (Fault fault) {
      answer.putObject("error").put("code", CALLBACK_FAILED).put("message", fault.detail());
    } catch (RuntimeException e) {
      log.error("A question of the compiler failed: {}", question.path("method"), e);
      answer.putObject("error").put("code", CALLBACK_FAILED).put("message", "internal error");
    }
    touch();
    open.decrementAndGet();
    send(answer);
  }

  private void send(JsonNode message) {
    outgoing.add(json.writeValueAsString(message));
  }

  /**
   * A process that stands still doesn't empty its pipe, so only this thread ever waits for that.
   */
  private void sendAll() {
    try (var input = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8))) {
      for (String line = outgoing.take(); !line.isEmpty(); line = outgoing.take()) {
        input.write(line);
        input.write('\n');
        input.flush();
      }
    } catch (IOException e) {
      // The end of its output is seen too, and told to whoever waits.
      log.debug("The compiler's input ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pump() {
    try (BufferedReader output = process.inputReader(UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        events.add(new Event.Message(json.readTree(line)));
      }
      events.add(ending());
    } catch (IOException | JacksonException e) {
      log.debug("The compiler's output ended", e);
      process.destroyForcibly();
      events.add(new Event.Ended("ended in the middle of an answer", Died.Cause.OUTSIDE));
    } finally {
      outgoing.add("");
    }
  }

  private Event ending() {
    try {
      if (!process.waitFor(1, TimeUnit.SECONDS)) {
        return new Event.Ended("closed its output", Died.Cause.OUTSIDE);
      }
      int code = process.exitValue();
      return code == ABORTED
          ? new Event.Ended("ran out of memory", Died.Cause.MEMORY)
          : new Event.Ended("ended with exit code " + code, Died.Cause.OUTSIDE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Event.Ended("ended", Died.Cause.OUTSIDE);
    }
  }

  private void drainErrors() {
    try (var errors = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
      for (String line = errors.readLine(); line != null; line = errors.readLine()) {
        log.info("compiler {}: {}", process.pid(), line);
      }
    } catch (IOException e) {
      log.debug("The compiler's error stream ended", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    process.destroyForcibly();
  }
}
