package dev.ingot.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.fault.StartupFailure;
import dev.ingot.project.Home;
import dev.ingot.threads.PlatformCalls;
import dev.ingot.threads.Tasks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The Node.js that runs the sidecar: found, checked, and started inside its sandbox. */
@Component
class NodeRuntime implements ProcessStarter, DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(NodeRuntime.class);
  private static final int OLDEST = 20;
  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\.\\d+.*");
  private static final String MEND =
      "Install Node.js 20 or newer, or name its executable with the setting ingot.node";

  private static final String MEND_HOME = "Make ingot.home writable";

  /** How long after the start a snapshot is made. */
  private static final Duration LATER = Duration.ofSeconds(10);

  private final String node;
  private final Path folder;
  private final Path bundle;
  private final List<String> flags;
  private final @Nullable CompilerSnapshot snapshot;
  private final Tasks tasks;
  private final PlatformCalls calls = new PlatformCalls("compiler-snapshot", 1);

  NodeRuntime(
      @Value("${ingot.node:node}") String node, CompilerSettings settings, Home home, Tasks tasks) {
    this.node = node;
    this.tasks = tasks;
    folder = home.scratch("sidecar").toAbsolutePath();
    deleteHalfWritten(folder);
    bundle = unpack(folder);
    String version = version(node);
    List<String> ofV8 =
        List.of(
            "--no-warnings",
            "--disallow-code-generation-from-strings",
            "--max-old-space-size=" + settings.heap().toMegabytes());
    flags =
        Stream.concat(
                Stream.of(
                    permissionFlag(version),
                    "--allow-fs-read=" + folder + "/*",
                    // For the thread that ends it when the server is gone.
                    "--allow-worker"),
                ofV8.stream())
            .toList();
    snapshot = settings.snapshot() ? snapshot(ofV8, version) : null;
    log.info("Malloy's compiler runs on Node.js {}", version);
  }

  private CompilerSnapshot snapshot(List<String> ofV8, String version) {
    try {
      List<String> making = Stream.concat(Stream.of(node), ofV8.stream()).toList();
      return new CompilerSnapshot(making, this::command, version, bundle);
    } catch (IOException e) {
      throw new StartupFailure("The compiler can't be read from " + bundle, MEND_HOME, e);
    }
  }

  /** Later, when the first requests have been answered: it takes the processor for seconds. */
  @EventListener(ApplicationReadyEvent.class)
  void makeSnapshot() {
    if (snapshot != null) {
      tasks.startAfter(LATER, "compiler-snapshot", () -> calls.call(snapshot::make));
    }
  }

  @Override
  public boolean failed() {
    if (snapshot == null || !snapshot.distrust()) {
      return false;
    }
    makeSnapshot();
    return true;
  }

  @Override
  public void destroy() {
    if (snapshot != null) {
      snapshot.close();
    }
    calls.close();
  }

  /** With an empty environment; it reads nothing but its own bundle. */
  @Override
  public Process start() throws IOException {
    Optional<Path> from = snapshot == null ? Optional.empty() : snapshot.file();
    var builder = new ProcessBuilder(command(from)).directory(folder.toFile());
    builder.environment().clear();
    return builder.start();
  }

  /**
   * @param from a snapshot; empty to begin anew
   */
  private List<String> command(Optional<Path> from) {
    var command = new ArrayList<String>();
    command.add(node);
    command.addAll(flags);
    from.ifPresent(file -> command.addAll(List.of("--snapshot-blob", file.toString())));
    command.add(bundle.toString());
    return command;
  }

  private static String version(String node) {
    String text;
    try {
      Process process = new ProcessBuilder(node, "--version").redirectErrorStream(true).start();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new StartupFailure("'%s --version' does not end".formatted(node), MEND);
      }
      try (InputStream output = process.getInputStream()) {
        text = new String(output.readAllBytes(), UTF_8).strip();
      }
    } catch (IOException e) {
      throw new StartupFailure("Node.js was not found as '" + node + "'", MEND, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupFailure("Interrupted while looking for Node.js", MEND, e);
    }
    Matcher matcher = VERSION.matcher(text);
    if (!matcher.matches()) {
      throw new StartupFailure("'%s --version' answered '%s'".formatted(node, text), MEND);
    }
    if (Integer.parseInt(matcher.group(1)) < OLDEST) {
      throw new StartupFailure("Node.js %s at '%s' is too old".formatted(text, node), MEND);
    }
    return text;
  }

  /** The flag lost its prefix in 23.5 and 22.13. */
  private static String permissionFlag(String version) {
    Matcher matcher = VERSION.matcher(version);
    boolean matched = matcher.matches();
    int major = matched ? Integer.parseInt(matcher.group(1)) : OLDEST;
    int minor = matched ? Integer.parseInt(matcher.group(2)) : 0;
    boolean stable = major > 23 || (major == 23 && minor >= 5) || (major == 22 && minor >= 13);
    return stable ? "--permission" : "--experimental-permission";
  }

  /** What a server that was killed was about to write. */
  private static void deleteHalfWritten(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.tmp")) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new StartupFailure("Ingot can't clean up in " + folder, MEND_HOME, e);
    }
  }

  private static Path unpack(Path folder) {
    Path target = folder.resolve("compiler.cjs");
    try (InputStream bundled = NodeRuntime.class.getResourceAsStream("/sidecar/compiler.cjs")) {
      if (bundled == null) {
        throw new StartupFailure(
            "The compiler is missing from this build", "Build with ./mvnw package");
      }
      Path fresh = Files.createTempFile(folder, "compiler", ".tmp");
      Files.copy(bundled, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      return target.toRealPath();
    } catch (IOException e) {
      throw new StartupFailure("The compiler can't be unpacked to " + folder, MEND_HOME, e);
    }
  }
}
