package dev.ingot.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.project.Sha256;
import dev.ingot.threads.PlatformCalls;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of a compiler's process that has compiled before, written to a file beside the bundle.
 * A process that begins from it answers in 0.1 s instead of 0.2, and has Malloy's grammar worked
 * out: its first model takes half the time. It fits one bundle, one Node.js and one set of options
 * of V8; all of that is in its name.
 */
final class CompilerSnapshot implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CompilerSnapshot.class);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String ENDING = ".snapshot";

  /** Compiles what the snapshot was made with. */
  private static final String REHEARSE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rehearse\",\"params\":{}}\n";

  private final List<String> making;
  private final Function<Optional<Path>, List<String>> serving;
  private final Path bundle;
  private final Path file;
  private volatile boolean trusted = true;
  private @Nullable Process running;
  private boolean closed;

  /**
   * @param making the executable and the options of V8
   * @param serving the whole command of a process that begins from a snapshot
   * @param version of Node.js
   */
  CompilerSnapshot(
      List<String> making,
      Function<Optional<Path>, List<String>> serving,
      String version,
      Path bundle)
      throws IOException {
    this.making = making;
    this.serving = serving;
    this.bundle = bundle;
    var fits = new Sha256();
    fits.add(version, making.toString(), Files.readString(bundle));
    file = bundle.resolveSibling(fits.hex().substring(0, 16) + ENDING);
  }

  /** Empty while there is none that can be begun from. */
  Optional<Path> file() {
    return trusted && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  /**
   * A process did not come up from it: until it is made again, all begin anew.
   *
   * @return false when there is none
   */
  boolean distrust() {
    if (file().isEmpty()) {
      return false;
    }
    log.warn("The compiler doesn't begin from its snapshot {}", file);
    trusted = false;
    delete(file);
    return true;
  }

  /**
   * Makes it unless it is there; what goes wrong is told and leaves none. Takes the processor for
   * seconds.
   *
   * @return whether there is one
   */
  boolean make() {
    PlatformCalls.requirePlatformThread();
    if (Files.exists(file)) {
      return true;
    }
    try {
      Path fresh = Files.createTempFile(bundle.getParent(), "compiler", ".tmp");
      try {
        write(fresh);
        prove(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
      trusted = true;
      deleteOthers();
    } catch (IOException e) {
      log.info("The compiler goes without a snapshot: {}", e.getMessage());
    }
    return file().isPresent();
  }

  private void write(Path target) throws IOException {
    var command = new ArrayList<String>(making);
    command.addAll(
        List.of("--snapshot-blob", target.toString(), "--build-snapshot", bundle.toString()));
    String said = run(command, "");
    log.debug("A snapshot of the compiler is made: {}", said);
    try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** As the processes begin from it that will, and what Node.js makes of it is seen now. */
  private void prove(Path fresh) throws IOException {
    String said = run(serving.apply(Optional.of(fresh)), REHEARSE);
    if (!said.contains("\"result\"")) {
      throw new IOException("a process that begins from it says " + said);
    }
  }

  /** What a process says; after its first line it has no more input, and ends. */
  private String run(List<String> command, String input) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    Process process = begin(builder);
    // Not one that has ended by itself: that would close what it has said before it is read.
    var _ =
        process
            .onExit()
            .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(late -> process.destroyForcibly());
    try (BufferedReader output = process.inputReader(UTF_8)) {
      String first;
      try (BufferedWriter asked = process.outputWriter(UTF_8)) {
        asked.write(input);
        asked.flush();
        first = Objects.requireNonNullElse(output.readLine(), "");
      }
      String said = first + output.readAllAsString();
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException("%s ended with exit code %d: %s".formatted(command, code, said));
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private synchronized Process begin(ProcessBuilder builder) throws IOException {
    if (closed) {
      throw new IOException("the server is shutting down");
    }
    Process process = builder.start();
    running = process;
    return process;
  }

  /** Of other versions. */
  private void deleteOthers() throws IOException {
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(bundle.toAbsolutePath().getParent(), "*" + ENDING)) {
      for (Path one : all) {
        if (!one.getFileName().equals(file.getFileName())) {
          delete(one);
        }
      }
    }
  }

  private static void delete(Path snapshot) {
    try {
      Files.deleteIfExists(snapshot);
    } catch (IOException e) {
      log.warn("{} could not be deleted", snapshot, e);
    }
  }

  /** Ends what makes it. */
  @Override
  public synchronized void close() {
    closed = true;
    if (running != null) {
      running.destroyForcibly();
    }
  }
}
