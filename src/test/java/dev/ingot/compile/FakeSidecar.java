package dev.ingot.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A process that speaks as the sidecar does, and does what the method's name says: {@code ping} and
 * {@code echo} are answered, {@code ask} asks back and answers with what it was told, {@code
 * refuse} and {@code refuse:kind} are refused, {@code babble} is answered with what is no JSON,
 * {@code abort} ends it as V8 does without memory, {@code exit} ends it otherwise, and {@code hang}
 * is answered when the test says so. A test may say which of these another method does.
 */
final class FakeSidecar extends Process {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int KILLED = 137;
  private static final int ABORTED = 134;

  private final long pid;
  private final Line in = new Line();
  private final Line out = new Line();
  private final Line err = new Line();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, String> meanings;
  private final BlockingQueue<JsonNode> held = new LinkedBlockingQueue<>();
  private volatile boolean mute;

  /** How much of its processor it has used; one that doesn't tell by default. */
  private volatile Optional<Duration> used = Optional.empty();

  /** One of the process's streams. */
  private static final class Line {
    private final InputStream from;
    private final OutputStream to;

    Line() {
      try {
        Pipe pipe = Pipe.open();
        from = Channels.newInputStream(pipe.source());
        to = Channels.newOutputStream(pipe.sink());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void end() {
      try {
        to.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * @param meanings what methods do that have other names than those above
   */
  FakeSidecar(long pid, Map<String, String> meanings) {
    this.pid = pid;
    this.meanings = meanings;
    Thread.ofPlatform().daemon().name("fake-sidecar-" + pid).start(this::listen);
  }

  /** Never answers anything from now on. */
  FakeSidecar mute() {
    mute = true;
    return this;
  }

  /** Stands still, which the system tells by the processor that it no longer uses. */
  void standStill() {
    mute = true;
    used = Optional.of(Duration.ofMillis(5));
  }

  /** The methods that it was asked for, in their order. */
  List<String> asked() {
    return asked;
  }

  /** Answers all that it was asked to hang on; waits for the first, which may just be heard. */
  void answerAfterAll() throws IOException, InterruptedException {
    for (JsonNode answer = held.take(); answer != null; answer = held.poll()) {
      say(answer);
    }
  }

  void end(int code) {
    if (exit.complete(code)) {
      out.end();
      err.end();
    }
  }

  private void listen() {
    try (var lines = new BufferedReader(new InputStreamReader(in.from, UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode message = JSON.readTree(line);
        if (message.has("method")) {
          asked.add(message.path("method").asString());
        }
        if (!mute) {
          hear(message);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void hear(JsonNode message) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    answer.set("id", message.path("id"));
    String method = message.path("method").asString("answer");
    String[] meaning = meanings.getOrDefault(method, method).split(":", 2);
    switch (meaning[0]) {
      case "ping", "echo" -> say(answer.set("result", message.path("params")));
      case "checked" ->
          say(
              answer.set(
                  "result", JSON.createObjectNode().put("status", "ok").put("gated", false)));
      case "ask" -> say(answer.put("method", "question").set("params", message.path("params")));
      case "refuse" -> {
        answer
            .putObject("error")
            .put("message", "no")
            .putObject("data")
            .put("kind", meaning[meaning.length - 1]);
        say(answer);
      }
      case "babble" -> out.to.write("no JSON\n".getBytes(UTF_8));
      case "abort" -> end(ABORTED);
      case "exit" -> end(1);
      case "hang" -> held.add(answer.set("result", message.path("params")));
      default -> {
        JsonNode told = message.has("error") ? message.path("error") : message.path("result");
        say(answer.set("result", told));
      }
    }
  }

  private void say(JsonNode message) throws IOException {
    out.to.write((JSON.writeValueAsString(message) + "\n").getBytes(UTF_8));
  }

  @Override
  public OutputStream getOutputStream() {
    return in.to;
  }

  @Override
  public InputStream getInputStream() {
    return out.from;
  }

  @Override
  public InputStream getErrorStream() {
    return err.from;
  }

  @Override
  public int waitFor() {
    return exit.join();
  }

  @Override
  public boolean waitFor(long time, TimeUnit unit) {
    return exit.copy().completeOnTimeout(-1, time, unit).join() >= 0;
  }

  @Override
  public int exitValue() {
    Integer code = exit.getNow(null);
    if (code == null) {
      throw new IllegalThreadStateException("it runs");
    }
    return code;
  }

  @Override
  public boolean isAlive() {
    return !exit.isDone();
  }

  @Override
  public void destroy() {
    end(KILLED);
  }

  @Override
  public Process destroyForcibly() {
    end(KILLED);
    return this;
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public CompletableFuture<Process> onExit() {
    return exit.thenApply(code -> this);
  }

  @Override
  public ProcessHandle toHandle() {
    return new Handle();
  }

  private final class Handle implements ProcessHandle, ProcessHandle.Info {

    @Override
    public long pid() {
      return pid;
    }

    @Override
    public Info info() {
      return this;
    }

    @Override
    public Optional<Duration> totalCpuDuration() {
      return used;
    }

    @Override
    public Optional<ProcessHandle> parent() {
      return Optional.empty();
    }

    @Override
    public Stream<ProcessHandle> children() {
      return Stream.empty();
    }

    @Override
    public Stream<ProcessHandle> descendants() {
      return Stream.empty();
    }

    @Override
    public CompletableFuture<ProcessHandle> onExit() {
      return exit.thenApply(code -> this);
    }

    @Override
    public boolean supportsNormalTermination() {
      return false;
    }

    @Override
    public boolean destroy() {
      end(KILLED);
      return true;
    }

    @Override
    public boolean destroyForcibly() {
      return destroy();
    }

    @Override
    public boolean isAlive() {
      return FakeSidecar.this.isAlive();
    }

    @Override
    public int compareTo(ProcessHandle other) {
      return Long.compare(pid, other.pid());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Handle handle && handle.pid() == pid;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(pid);
    }

    @Override
    public Optional<String> command() {
      return Optional.empty();
    }

    @Override
    public Optional<String> commandLine() {
      return Optional.empty();
    }

    @Override
    public Optional<String[]> arguments() {
      return Optional.empty();
    }

    @Override
    public Optional<Instant> startInstant() {
      return Optional.empty();
    }

    @Override
    public Optional<String> user() {
      return Optional.empty();
    }
  }
}
