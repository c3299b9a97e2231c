package dev.ingot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs of the system, for what Java has no call for. */
public final class Commands {

  private Commands() {}

  /**
   * What the command prints, standard error included.
   *
   * @throws AssertionError when it can't be started, fails or takes longer than 30 seconds
   */
  public static String run(String... command) {
    Outcome outcome = tryRun(Duration.ofSeconds(30), command);
    if (outcome.exitCode().orElse(-1) != 0) {
      throw new AssertionError("%s: %s".formatted(String.join(" ", command), outcome.said()));
    }
    return outcome.said();
  }

  /** The same for a command that may fail. */
  public static Outcome tryRun(Duration patience, String... command) {
    try {
      // A file and no pipe: a daemon that the command leaves behind would keep a pipe open.
      Path output = Files.createTempFile("ingot-command", ".log");
      try {
        Process process =
            new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          process.destroyForcibly().waitFor();
        }
        String said = Files.readString(output, UTF_8).strip();
        return ended
            ? new Outcome(Optional.of(process.exitValue()), said)
            : new Outcome(Optional.empty(), said + " (no end within " + patience + ")");
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      return new Outcome(Optional.empty(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * How a command ended.
   *
   * @param exitCode empty when it didn't start, or not end in time
   */
  public record Outcome(Optional<Integer> exitCode, String said) {}
}
