package dev.ingot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged server as a process of its own, which a test can kill. */
public final class JarServer implements AutoCloseable {

  private static final Pattern READY =
      Pattern.compile("Ingot is ready at (https?://localhost:(\\d+))");

  private final Process process;
  private final String url;
  private final Queue<String> output;

  private JarServer(Process process, String url, Queue<String> output) {
    this.process = process;
    this.url = url;
    this.output = output;
  }

  /**
   * Starts it in a folder, which gets the home, and waits until it is ready.
   *
   * @param settings such as {@code ingot.sample=false}
   */
  public static JarServer start(Path folder, String... settings) throws IOException {
    return start(folder, List.of(), settings);
  }

  /**
   * The same with options of Java's own.
   *
   * @param options such as {@code -Dname=value}
   */
  public static JarServer start(Path folder, List<String> options, String... settings)
      throws IOException {
    return start(folder, Map.of(), options, settings);
  }

  /**
   * The same with variables in its environment beside those of the tests.
   *
   * @param options of Java's own
   */
  public static JarServer start(
      Path folder, Map<String, String> environment, List<String> options, String... settings)
      throws IOException {
    List<String> command = PackagedServer.command(options);
    if (Stream.of(settings).noneMatch(setting -> setting.startsWith("server.port="))) {
      command.add("--server.port=0");
    }
    for (String setting : settings) {
      command.add("--" + setting);
    }
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    BufferedReader output = process.inputReader(UTF_8);
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      seen.add(line);
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        Thread.ofPlatform().daemon().start(() -> drain(output, seen));
        return new JarServer(process, ready.group(1), seen);
      }
    }
    throw new AssertionError("the server ended before it was ready:\n" + String.join("\n", seen));
  }

  /** What starts it, for a test that has another program do that. */
  public static List<String> command(String... settings) {
    List<String> command = PackagedServer.command(List.of());
    for (String setting : settings) {
      command.add("--" + setting);
    }
    return command;
  }

  /** A pipe that nobody reads would stop the server once it is full. */
  private static void drain(BufferedReader output, Queue<String> into) {
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        into.add(line);
      }
    } catch (IOException e) {
      // The process was killed, and its output with it.
      return;
    }
  }

  /** What it has printed so far. */
  public String output() {
    return String.join("\n", output);
  }

  public String url() {
    return url;
  }

  public Client client() {
    return new Client(url);
  }

  public PackageApi sample() {
    return new PackageApi(client(), "/api/v0/projects/demo/packages/flights");
  }

  /** As {@code kill -STOP}: it stands still, and its connections stay open. */
  public void pause() {
    Commands.run("kill", "-STOP", String.valueOf(pid()));
    // A thread that is at work on another processor goes on for a moment.
    Wait.until("process %d stands still".formatted(pid()), this::isPaused);
  }

  private boolean isPaused() {
    return Commands.run("ps", "-o", "state=", "-p", String.valueOf(pid())).startsWith("T");
  }

  /** As {@code kill -CONT}: it goes on where it was. */
  public void resume() {
    Commands.run("kill", "-CONT", String.valueOf(pid()));
  }

  /** As {@code kill -9}; returns when the process is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** True when it ended by itself within this time; otherwise it goes on. */
  public boolean awaitEnd(Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** As {@code kill}; returns when the process is gone. */
  public void terminate() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  /** Of a process that has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
