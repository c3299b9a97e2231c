package dev.ingot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.StringUtils;

/**
 * What the tests start as the packaged server: the jar laid out as in the image, with what the JVM
 * learnt of it in an earlier start, by the README's commands. A start takes half the time, and the
 * tests start dozens.
 */
final class PackagedServer {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern PLACE = Pattern.compile("target/(?:ingot\\.jar|app\\.aot|app)");
  private static final Path JAR = Path.of(System.getProperty("ingot.jar"));
  private static final List<String> APPLICATION = application();

  private PackagedServer() {}

  /**
   * Java with its options, some of them the caller's, up to the application's own arguments.
   *
   * @param options such as {@code -Dname=value}
   */
  static List<String> command(List<String> options) {
    List<String> command = java();
    command.addAll(options);
    command.addAll(APPLICATION);
    return command;
  }

  private static List<String> java() {
    var java =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    java.addAll(
        List.of(StringUtils.tokenizeToStringArray(System.getProperty("ingot.test.java"), " ")));
    return java;
  }

  private static List<String> application() {
    String place = System.getProperty("ingot.test.app", "");
    if (place.isEmpty()) {
      return List.of("-jar", JAR.toString());
    }
    Path app = Path.of(place);
    Path cache = app.resolveSibling(app.getFileName() + ".aot");
    Path lock = app.resolveSibling(app.getFileName() + ".lock");
    // Once for all JVMs that run tests.
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      if (!Files.exists(cache) || isNewer(JAR, cache)) {
        FileSystemUtils.deleteRecursively(app);
        prepare(app, cache);
      }
      return arguments(readme(app, cache).getLast());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isNewer(Path one, Path other) throws IOException {
    return Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other)) > 0;
  }

  /** The README's own commands for it, with places of the tests. */
  private static List<String> readme(Path app, Path cache) throws IOException {
    String block =
        Readme.read().blocks("sh").stream()
            .filter(commands -> commands.contains("AOTCacheOutput"))
            .findFirst()
            .orElseThrow();
    Map<String, Path> places =
        Map.of("target/ingot.jar", JAR, "target/app.aot", cache, "target/app", app);
    return PLACE
        .matcher(block)
        .replaceAll(
            place -> Matcher.quoteReplacement(places.getOrDefault(place.group(), app).toString()))
        .lines()
        .toList();
  }

  /** Without Java and its options, of which the tests have others. */
  private static List<String> arguments(String command) {
    return Pattern.compile(" ")
        .splitAsStream(command)
        .skip(1)
        .filter(option -> !option.matches("-Xm.*|-XX:\\+Use.*"))
        .toList();
  }

  private static void prepare(Path app, Path cache) throws IOException {
    Path home = Files.createTempDirectory("ingot-training");
    List<String> commands = readme(app, cache);
    for (String command : commands.subList(0, commands.size() - 1)) {
      run(arguments(command.replace("target/training", home.resolve("home").toString())));
    }
    FileSystemUtils.deleteRecursively(home);
    if (!Files.exists(cache)) {
      throw new AssertionError("Java has kept nothing: " + String.join("\n", commands));
    }
  }

  private static void run(List<String> arguments) {
    List<String> command = java();
    command.addAll(arguments);
    Commands.Outcome outcome = Commands.tryRun(PATIENCE, command.toArray(String[]::new));
    if (outcome.exitCode().orElse(-1) != 0) {
      throw new AssertionError("%s: %s".formatted(String.join(" ", command), outcome.said()));
    }
  }
}
