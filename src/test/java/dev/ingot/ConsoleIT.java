package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ingot.testing.JarServer;
import dev.ingot.testing.Script;
import dev.ingot.testing.TestExtensions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * The console in a browser, against the packaged server: {@code src/main/console/test/browser},
 * which starts servers of its own, as they come and go. Screenshots are left in {@code
 * target/console-screenshots}, and what was measured is printed.
 */
class ConsoleIT {

  private static final Path CONSOLE = Path.of(System.getProperty("ingot.test.console"));
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  @TempDir Path folder;

  @Test
  void theConsoleDoesInABrowserWhatItIsThereFor() throws IOException, InterruptedException {
    Optional<String> browser = browser();
    assumeTrue(
        browser.isPresent(),
        "No Chromium on the PATH (Debian: apt-get install chromium), so the console isn't tried in a browser");

    var builder =
        new ProcessBuilder(Script.realNode(), "test.mjs", "browser")
            .directory(CONSOLE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("browser.log").toFile());
    builder.environment().put("INGOT_BROWSER", browser.orElseThrow());
    builder.environment().put("INGOT_COMMAND", json(JarServer.command(TestExtensions.settings())));
    builder.environment().put("INGOT_FOLDER", folder.toString());
    Path installed = Files.createDirectories(Path.of("target/duckdb-installed").toAbsolutePath());
    builder.environment().put("INGOT_EXTENSIONS", installed.toString());
    builder
        .environment()
        .put(
            "INGOT_SCREENSHOTS", Path.of("target/console-screenshots").toAbsolutePath().toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).as(this::log).isTrue();
      assertThat(process.exitValue()).as(this::log).isZero();
      log().lines().filter(line -> line.contains("Measured: ")).forEach(System.out::println);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Optional<String> browser() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(entry -> BROWSERS.stream().map(name -> Path.of(entry, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  private static String json(List<String> command) {
    return JsonMapper.builder().build().writeValueAsString(command);
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("browser.log"));
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
