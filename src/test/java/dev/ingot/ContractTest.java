package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ingot.fault.FaultCode;
import dev.ingot.testing.ContractBreaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Nothing in {@code api-doc.yaml} is left for its reader to guess. */
class ContractTest {

  private static final YAMLMapper YAML = YAMLMapper.builder().build();
  private static final JsonNode API = YAML.readTree(Path.of("api-doc.yaml"));
  private static final JsonNode SCHEMAS = API.at("/components/schemas");
  private static final JsonNode GLOSSARY =
      YAML.readTree(Path.of("src", "main", "resources", "api-glossary.yaml"));

  private static Stream<JsonNode> operations() {
    return API.path("paths").valueStream().flatMap(JsonNode::valueStream);
  }

  @Test
  void everythingIsDescribed() {
    var silent = new ArrayList<String>();
    SCHEMAS.forEachEntry((name, schema) -> {
      require(silent, name, schema);
      schema
          .path("properties")
          .forEachEntry((field, property) -> require(silent, name + "." + field, property));
    });
    operations()
        .forEach(operation -> {
          String id = operation.path("operationId").asString();
          assertThat(operation.path("summary").asString("")).as(id).isNotBlank();
          operation
              .path("parameters")
              .forEach(one -> require(silent, id + " " + one.path("name").asString(), one));
          operation
              .path("responses")
              .forEachEntry((status, one) -> require(silent, id + status, one));
        });
    assertThat(silent).isEmpty();
  }

  private static void require(List<String> silent, String what, JsonNode described) {
    if (described.path("description").asString("").isBlank()) {
      silent.add(what);
    }
  }

  @Test
  void everyWordOfTheGlossaryIsNeeded() {
    Set<String> said = new TreeSet<>();
    SCHEMAS.forEachEntry((name, schema) -> {
      said.add(name + ": " + schema.path("description").asString(""));
      schema
          .path("properties")
          .forEachEntry((field, property) -> {
            String text = property.path("description").asString("");
            said.add(field + ": " + text);
            said.add(name + "." + field + ": " + text);
          });
    });
    operations()
        .flatMap(operation -> operation.path("parameters").valueStream())
        .forEach(one ->
            said.add(
                "%s: %s"
                    .formatted(one.path("name").asString(), one.path("description").asString(""))));

    var unused = new ArrayList<String>();
    for (String part : List.of("schemas", "properties", "parameters")) {
      GLOSSARY
          .path(part)
          .forEachEntry((name, text) -> {
            if (!said.contains(name + ": " + text.asString())) {
              unused.add(name);
            }
          });
    }
    assertThat(unused).isEmpty();
    assertThat(SCHEMAS.propertyNames()).containsAll(GLOSSARY.path("examples").propertyNames());
  }

  @Test
  void everyBodyThatIsSentHasAnExampleAndEachFitsItsSchema() throws IOException {
    operations()
        .map(operation -> operation.at("/requestBody/content/application~1json/schema/$ref"))
        .filter(JsonNode::isString)
        .map(reference -> reference.asString().substring("#/components/schemas/".length()))
        .forEach(name -> assertThat(SCHEMAS.path(name).has("example")).as(name).isTrue());

    String components = YAML.writeValueAsString(API.path("components"));
    SCHEMAS.forEachEntry((name, schema) -> {
      if (schema.has("example")) {
        ObjectNode document = YAML.createObjectNode();
        document.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        document.put("$ref", "#/components/schemas/" + name);
        document.set("components", YAML.readTree(components));
        var errors =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(document.toString(), InputFormat.JSON)
                .validate(schema.path("example").toString(), InputFormat.JSON);
        assertThat(errors).as(name).isEmpty();
      }
    });
    assertThat(Files.readString(Path.of("api-doc.yaml"))).contains("example:");
  }

  @Test
  void everyCodeIsSaidOfSomeOperation() {
    Set<String> said = new TreeSet<>();
    operations()
        .flatMap(operation -> operation.path("x-codes").valueStream())
        .forEach(codes -> said.addAll(List.of(codes.asString().split(", "))));

    // These two come where there is no operation.
    said.add(FaultCode.NOT_FOUND.word());
    said.add(FaultCode.METHOD_NOT_ALLOWED.word());

    assertThat(said)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(FaultCode.values()).map(FaultCode::word).toList());
  }

  /** A release takes the contract over: CONTRIBUTING says how. */
  @Test
  void clientsOfTheLastReleaseNeedNotChange() {
    JsonNode released = YAML.readTree(Path.of("src", "test", "resources", "released-api.yaml"));

    assertThat(ContractBreaks.between(released, API)).isEmpty();
  }
}
