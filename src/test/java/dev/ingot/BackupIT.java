package dev.ingot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.JarServer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Readme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** The README's commands for a backup, with the packaged server. */
class BackupIT {

  private static final String MODEL = "rush_hours.malloy";
  private static final String QUERY = "busiest_hours";

  @TempDir Path folder;

  @Test
  void whatWasBackedUpIsServedAgain() throws IOException, InterruptedException {
    List<String> commands =
        Readme.read().blocks("sh").stream().filter(block -> block.contains("tar -")).toList();
    assertThat(commands).hasSize(2);
    JsonNode manifest;
    JsonNode answer;
    try (JarServer server = JarServer.start(folder)) {
      PackageApi sample = server.sample();
      sample.buildOk();
      manifest = sample.manifest();
      answer = sample.named(MODEL, QUERY).expect(200).json().path("result");
      server.terminate();
    }
    run(commands.getFirst());
    FileSystemUtils.deleteRecursively(folder.resolve(".ingot"));
    run(commands.getLast());

    assertThat(folder.resolve(".ingot/reserve")).doesNotExist();
    try (JarServer server = JarServer.start(folder)) {
      PackageApi sample = server.sample();

      assertThat(sample.manifest()).isEqualTo(manifest);
      JsonNode again = sample.named(MODEL, QUERY).expect(200).json();
      assertThat(again.path("result")).isEqualTo(answer);
      assertThat(again.path("live")).isEmpty();
      assertThat(sample.buildOk().path("metadata").path("sourcesBuilt").asInt()).isZero();
      assertThat(Files.size(folder.resolve(".ingot/reserve"))).isPositive();
    }
  }

  private void run(String command) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("bash", "-ec", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertThat(shell.waitFor()).as(said).isZero();
  }
}
