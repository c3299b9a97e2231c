package dev.ingot.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.testing.Client;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@link FaultServer} in a process of its own. */
final class FaultServerProcess implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  /** What is read after its last answer. */
  private static final String ENDED = "ended by itself";

  private final Process process;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final BufferedWriter commands;
  private final Client client;

  /** Starts it and waits until it is ready. */
  FaultServerProcess(Path folder) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                FaultServer.class.getName(),
                folder.toString())
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    commands = process.outputWriter(UTF_8);
    Thread.ofPlatform().daemon().start(this::read);
    client = new Client(answer());
  }

  private void read() {
    try (var lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(FaultServer.ANSWER)) {
          answers.add(line.substring(FaultServer.ANSWER.length()));
        }
      }
    } catch (IOException e) {
      // It was killed, and its output with it.
      return;
    } finally {
      answers.add(ENDED);
    }
  }

  Client client() {
    return client;
  }

  /** Sends a command of {@link FaultServer} and returns its answer's words. */
  List<String> command(String... words) {
    try {
      send(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Stream.of(answer().split(" ")).filter(word -> !word.isEmpty()).toList();
  }

  private void send(String... words) throws IOException {
    commands.write(String.join(" ", words));
    commands.newLine();
    commands.flush();
  }

  private String answer() {
    String answer = next();
    if (answer.equals(ENDED)) {
      throw new AssertionError("the server has ended");
    }
    return answer;
  }

  private String next() {
    try {
      String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new AssertionError("the server does not answer");
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Returns when no run is at work; true when it ended by itself instead. */
  boolean endsBeforeItIsIdle() throws InterruptedException {
    try {
      send("idle");
    } catch (IOException e) {
      // It has ended already, and there is nobody to read this.
      process.waitFor();
      return true;
    }
    if (!next().equals(ENDED)) {
      return false;
    }
    process.waitFor();
    return true;
  }

  /** True when it ended by itself; otherwise it goes on. */
  boolean awaitEnd(long time, TimeUnit unit) throws InterruptedException {
    return process.waitFor(time, unit);
  }

  /** As {@code kill -9}; returns when the process is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Such as its compilers. */
  List<ProcessHandle> children() {
    return process.children().toList();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
