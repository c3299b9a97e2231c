package dev.ingot.api;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Says in the API's description what words mean that are the same everywhere, and what the schemas
 * are: {@code api-glossary.yaml}. What says something of itself keeps that.
 */
class Glossary implements OpenApiCustomizer {

  /**
   * @param properties by their names, or with their schema's before it
   * @param examples of schemas, by their names
   */
  private record Words(
      Map<String, String> schemas,
      Map<String, String> properties,
      Map<String, String> parameters,
      Map<String, Object> examples) {}

  private static Words words() {
    try (InputStream file = Glossary.class.getResourceAsStream("/api-glossary.yaml")) {
      return YAMLMapper.builder().build().readValue(Objects.requireNonNull(file), Words.class);
    } catch (IOException e) {
      throw new UncheckedIOException("The glossary is a part of the program", e);
    }
  }

  @Override
  public void customise(OpenAPI api) {
    Words words = words();
    Map<String, ?> schemas = api.getComponents().getSchemas();
    schemas.forEach((name, schema) -> describe(name, (Schema<?>) schema, words));
    api.getPaths().values().stream()
        .flatMap(path -> path.readOperations().stream())
        .filter(operation -> operation.getParameters() != null)
        .flatMap(operation -> operation.getParameters().stream())
        .filter(parameter -> parameter.getDescription() == null)
        .forEach(
            parameter -> parameter.setDescription(words.parameters().get(parameter.getName())));
  }

  private static void describe(String name, Schema<?> schema, Words words) {
    if (schema.getDescription() == null) {
      schema.setDescription(words.schemas().get(name));
    }
    Object example = words.examples().get(name);
    if (example != null) {
      schema.setExample(example);
    }
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach((field, property) -> describe(name, field, (Schema<?>) property, words));
    }
  }

  private static void describe(String schema, String field, Schema<?> property, Words words) {
    if (property.getDescription() == null) {
      @Nullable String special = words.properties().get(schema + "." + field);
      property.setDescription(special == null ? words.properties().get(field) : special);
    }
  }
}
