package dev.ingot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ingot.testing.Client;
import dev.ingot.testing.JarServer;
import dev.ingot.testing.Models;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
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
 * Requests that Schemathesis makes up from the contract, right and wrong ones, and in sequences:
 * the answers are as the contract says. What isn't looked for stands in {@code
 * src/test/schemathesis.toml}. {@code -Dingot.test.examples=200} for more than 30 of each
 * operation.
 */
class SchemathesisIT {

  private static final String EXAMPLES = System.getProperty("ingot.test.examples", "30");
  private static final Path INSTALLED = Path.of(System.getProperty("ingot.test.schemathesis"));
  private static final Path SETTINGS = Path.of("src", "test", "schemathesis.toml").toAbsolutePath();

  /** The first key that a request made up would close the server otherwise. */
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  private static final long MINUTES = 10;

  @TempDir Path folder;

  @BeforeAll
  static void installed() {
    assumeTrue(Files.isDirectory(INSTALLED), "Schemathesis could not be fetched from PyPI");
  }

  @Test
  void allIsAsTheContractSays() throws IOException, InterruptedException {
    PackageFiles.orders(folder.resolve("models"), Models.CHAIN);
    try (JarServer server =
        JarServer.start(
            folder,
            "ingot.sample=false",
            "ingot.package-roots=.",
            "ingot.max-wait=1s",
            "ingot.access.admin-key=" + KEY)) {
      Client client = server.client().as(KEY);
      client.post("/api/v0/projects", "{\"name\": \"p\"}").expect(201);
      client
          .post("/api/v0/projects/p/packages", "{\"name\": \"small\", \"location\": \"models\"}")
          .expect(201);
      var small = new PackageApi(client, "/api/v0/projects/p/packages/small");
      // First with what is there, and without what removes it.
      String known =
          """

          [parameters]
          "path.projectName" = "p"
          "path.packageName" = "small"
          "path.path" = "orders.malloy"
          """;
      check(
          server,
          known,
          List.of(
              "--exclude-method", "DELETE", "--exclude-path", "/api/v0/projects/{projectName}"));
      String running = small.path() + "/materializations?status=RUNNING";
      Wait.until(
          "the runs that were made up have ended",
          () -> client.get(running).expect(200).json().isEmpty());
      small.buildOk();
      check(server, "", List.of());
    }
  }

  private void check(JarServer server, String configuration, List<String> more)
      throws IOException, InterruptedException {
    Path settings =
        Files.writeString(
            folder.resolve("schemathesis.toml"), Files.readString(SETTINGS) + configuration);
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
                "--seed=1",
                "--header=Authorization: Bearer " + KEY,
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
