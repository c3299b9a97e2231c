package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ingot.testing.Commands;
import dev.ingot.testing.DeployFiles;
import dev.ingot.testing.Readme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The compose file and the Dockerfile, where no Docker engine runs. */
class DeployFilesTest {

  @Test
  void theComposeFileIsOneByTheSpecification() throws IOException {
    var specification =
        (ObjectNode)
            JsonMapper.builder().build().readTree(Files.readString(fetched("compose-spec.json")));
    // A bare file name, which the validator takes for no identifier.
    specification.remove("$id");
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(specification);
    assertThat(schema.validate(DeployFiles.compose())).isEmpty();
  }

  @Test
  void everyServiceSaysWhenItIsHealthyAndWaitsForWhatItNeeds() {
    JsonNode services = DeployFiles.compose().path("services");
    assertThat(services.size()).isEqualTo(4);
    assertThat(DeployFiles.workers()).hasSize(2);
    for (JsonNode service : services) {
      boolean checked =
          service.has("healthcheck")
              || (service.has("build") && DeployFiles.dockerfile().contains("\nHEALTHCHECK "));
      assertThat(checked).as(service.toString()).isTrue();
    }
    for (JsonNode worker : DeployFiles.workers()) {
      for (String needed : new String[] {"catalog", "bucket"}) {
        assertThat(worker.at("/depends_on/" + needed + "/condition").asString())
            .isEqualTo("service_healthy");
      }
    }
  }

  @Test
  void portsAreOnLoopbackAndFilesAreWhereTheyAreNamed() {
    for (JsonNode service : DeployFiles.compose().path("services")) {
      for (JsonNode port : service.path("ports")) {
        assertThat(port.asString()).startsWith("127.0.0.1:");
      }
      for (JsonNode volume : service.path("volumes")) {
        String source = volume.asString().split(":", 2)[0];
        if (source.startsWith(".")) {
          assertThat(Path.of(source)).exists();
        } else {
          assertThat(DeployFiles.compose().path("volumes").has(source)).as(source).isTrue();
        }
      }
    }
    for (JsonNode worker : DeployFiles.workers()) {
      assertThat(Path.of(worker.at("/build/dockerfile").asString()))
          .isEqualTo(DeployFiles.DOCKERFILE);
      assertThat(worker.path("read_only").asBoolean()).isTrue();
    }
  }

  @Test
  void theImageIsBuiltFromWhatIsThere() {
    assertThat(DeployFiles.copied()).isNotEmpty();
    for (String path : DeployFiles.copied()) {
      assertThat(Path.of(path)).exists();
      assertThat(DeployFiles.context()).contains(path);
    }
  }

  @Test
  void theImageAndTheTestsStartJavaAsTheReadmeSays() throws IOException {
    String command =
        Readme.read().blocks("sh").stream()
            .filter(block -> block.startsWith("java "))
            .findFirst()
            .orElseThrow();
    String options = command.strip().replace("java ", "").replace(" -jar target/ingot.jar", "");
    assertThat(DeployFiles.dockerfile()).contains("JDK_JAVA_OPTIONS=\"" + options + '"');
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<server.memory>" + options + "</server.memory>");
  }

  @Test
  void theImageStartsFromTheCacheThatItWasGiven() {
    String dockerfile = DeployFiles.dockerfile();
    assertThat(dockerfile).containsPattern("-XX:AOTCacheOutput=/opt/ingot.aot[^&]*ingot.rehearse");
    assertThat(dockerfile.substring(dockerfile.indexOf("ENTRYPOINT")))
        .contains("\"-XX:AOTCache=/opt/ingot.aot\", \"-jar\"");
  }

  @Test
  void everySettingOfTheImageAndTheWorkersIsInTheReadme() throws IOException {
    List<String> settings = Readme.read().settingPatterns();
    assertThat(DeployFiles.variables()).hasSizeGreaterThan(15);
    for (String variable : DeployFiles.variables()) {
      assertThat(settings).as(variable).anyMatch(setting -> DeployFiles.binds(variable, setting));
    }
  }

  @Test
  void theDockerfileHasNothingThatALinterWarnsOf() {
    Path hadolint = fetched("hadolint");
    Commands.Outcome outcome =
        Commands.tryRun(
            Duration.ofSeconds(30), hadolint.toString(), DeployFiles.DOCKERFILE.toString());
    assertThat(outcome.said()).isEmpty();
    assertThat(outcome.exitCode()).contains(0);
  }

  private static Path fetched(String name) {
    Path file = Path.of(System.getProperty("ingot.test.files", "target/test-files"), name);
    Assumptions.assumeTrue(
        Files.exists(file), name + " could not be fetched (the build's output says why)");
    return file;
  }
}
