package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The jar says what it is made of. */
class SbomIT {

  @Test
  void theJarListsItsJavaAndItsNpmPackages() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("ingot.jar"))) {
      String place = jar.getManifest().getMainAttributes().getValue("Sbom-Location");
      assertThat(place).isEqualTo("META-INF/sbom/application.cdx.json");
      JsonNode bom = read(jar, place);

      assertThat(bom.path("bomFormat").asString()).isEqualTo("CycloneDX");
      List<String> packages =
          bom.path("components")
              .valueStream()
              .map(component -> component.path("purl").asString())
              .toList();
      assertThat(packages)
          .doesNotHaveDuplicates()
          .anyMatch(purl -> purl.startsWith("pkg:maven/org.duckdb/duckdb_jdbc@"))
          .anyMatch(purl -> purl.startsWith("pkg:maven/org.springframework/spring-webmvc@"))
          .anyMatch(purl -> purl.startsWith("pkg:npm/%40malloydata/malloy@"))
          .anyMatch(purl -> purl.startsWith("pkg:npm/preact@"))
          .anyMatch(purl -> purl.startsWith("pkg:npm/vega@"))
          .noneMatch(purl -> purl.contains("junit"));
    }
  }

  private static JsonNode read(JarFile jar, String place) throws IOException {
    var entry = Objects.requireNonNull(jar.getEntry(place));
    try (InputStream in = jar.getInputStream(entry)) {
      return JsonMapper.builder().build().readTree(in);
    }
  }
}
