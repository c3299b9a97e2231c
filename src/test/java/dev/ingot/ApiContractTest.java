package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** {@code api-doc.yaml} is the contract; CONTRIBUTING says how to change it. */
class ApiContractTest {

  @TempDir Path folder;

  @Test
  void theRunningServerDescribesItselfAsTheContractDoes() throws IOException {
    String contract = Files.readString(Path.of("api-doc.yaml"));
    try (Server server = Server.start(folder)) {
      String running = server.client().get("/v3/api-docs.yaml").expect(200).text();

      assertThat(parts(running)).isEqualTo(parts(contract));
    }
  }

  /** The server's address is where it runs, not what it promises. */
  private static Map<String, Object> parts(String yaml) {
    Map<String, Object> document = new Yaml().load(yaml);
    document.remove("servers");
    return document;
  }
}
