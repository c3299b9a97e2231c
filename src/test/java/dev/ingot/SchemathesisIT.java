package dev.ingot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ingot.testing.JarServer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that Schemathesis makes up from the API's own description: none of them is a server
 * error. {@code -Dingot.test.examples=200} for more than 30 of each operation.
 */
class SchemathesisIT {

  private static final String EXAMPLES = System.getProperty("ingot.test.examples", "30");
  private static final Path INSTALLED = Path.of(System.getProperty("ingot.test.schemathesis"));

  /** The first key that a request made up would close the server otherwise. */
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  /** Schemathesis gives an answer ten seconds, also one that it wished to wait for. */
  private static final String SHORT_WAIT = "ingot.max-wait=1s";

  /** Events go on as long as their build isn't started: no answer that anybody could check. */
  private static final String ENDLESS =
      "/api/v0/projects/{projectName}/packages/{packageName}/materializations/{id}/events";

  private static final long MINUTES = 10;

  /** 502 is right for a made-up connection, behind which there is no database. */
  private static final String EXPECTED =
      """
      [checks]
      not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "502"]

      """;

  @TempDir Path folder;

  @BeforeAll
  static void installed() {
    assumeTrue(Files.isDirectory(INSTALLED), "Schemathesis could not be fetched from PyPI");
  }

  @Test
  void noMadeUpRequestIsAServerError() throws IOException, InterruptedException {
    try (JarServer server = JarServer.start(folder, "ingot.access.admin-key=" + KEY, SHORT_WAIT)) {
      // First with what is there, and without what removes it.
      String sample =
          """
          [parameters]
          "path.projectName" = "demo"
          "path.packageName" = "flights"
          "path.path" = "rush_hours.malloy"
          """;
      check(
          server,
          sample,
          List.of(
              "--exclude-method", "DELETE", "--exclude-path", "/api/v0/projects/{projectName}"));
      String running = server.sample().path() + "/materializations?status=RUNNING";
      Wait.until(
          "the runs that were made up have ended",
          () -> server.client().as(KEY).get(running).expect(200).json().isEmpty());
      new PackageApi(server.client().as(KEY), server.sample().path()).buildOk();
      check(server, "", List.of());
    }
  }

  private void check(JarServer server, String configuration, List<String> more)
      throws IOException, InterruptedException {
    Path settings =
        Files.writeString(folder.resolve("schemathesis.toml"), EXPECTED + configuration);
    Path output = folder.resolve("output.txt");
    var command =
        new ArrayList<>(
            List.of(
                "python3",
                "-m",
                "schemathesis.cli",
                "--config-file",
                settings.toString(),
                "run",
                server.url() + "/v3/api-docs",
                "--checks=not_a_server_error",
                "--seed=1",
                "--header=Authorization: Bearer " + KEY,
                "--exclude-path=" + ENDLESS,
                "--no-color",
                "--max-examples=" + EXAMPLES));
    command.addAll(more);
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("PYTHONPATH", INSTALLED.toString());
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(output, UTF_8);
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).contains("Test cases:");
    System.out.println(said.substring(said.indexOf("Test cases:")));
  }
}
