package dev.ingot.api;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Says in the API's description what no request may have: fields of bodies that nobody knows
 * ({@code BodyFormat}), and query parameters without a value ({@link ParameterFilter}).
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class RequestLimits implements OpenApiCustomizer {

  private static final String REFERENCE = "#/components/schemas/";

  @Override
  public void customise(OpenAPI api) {
    List<Operation> operations =
        api.getPaths().values().stream().flatMap(path -> path.readOperations().stream()).toList();
    operations.stream()
        .flatMap(operation -> orEmpty(operation.getParameters()))
        .filter(parameter -> "query".equals(parameter.getIn()))
        .forEach(RequestLimits::hasValue);
    Deque<Schema<?>> bodies = new ArrayDeque<>();
    for (Operation operation : operations) {
      if (operation.getRequestBody() != null) {
        operation
            .getRequestBody()
            .getContent()
            .values()
            .forEach(type -> bodies.add(type.getSchema()));
      }
    }
    onlyKnownFields(bodies, api.getComponents().getSchemas());
  }

  private static void hasValue(Parameter parameter) {
    Schema<?> schema = parameter.getSchema();
    if (types(schema).contains("array")) {
      schema.setMinItems(1);
      if (schema.getItems().getEnum() == null) {
        schema.setItems(TextSchema.notEmpty());
      }
    } else if (types(schema).contains("string")
        && schema.getEnum() == null
        && schema.getFormat() == null) {
      parameter.setSchema(TextSchema.notEmpty());
    }
  }

  /** Of the bodies and all that is in them. */
  private static void onlyKnownFields(Deque<Schema<?>> open, Map<String, ?> components) {
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      Schema<?> schema = open.pop();
      String reference = schema.get$ref();
      if (reference != null) {
        String name = reference.substring(REFERENCE.length());
        if (seen.add(name)) {
          open.add((Schema<?>) Objects.requireNonNull(components.get(name), name));
        }
        continue;
      }
      if (schema.getProperties() != null) {
        schema.setAdditionalProperties(false);
        inside(schema.getProperties().values()).forEach(open::add);
      }
      inside(schema.getOneOf()).forEach(open::add);
      if (schema.getItems() != null) {
        open.add(schema.getItems());
      }
    }
  }

  private static Stream<Schema<?>> inside(@Nullable Collection<?> schemas) {
    return orEmpty(schemas).map(schema -> (Schema<?>) schema);
  }

  private static <T> Stream<T> orEmpty(@Nullable Collection<T> all) {
    return all == null ? Stream.of() : all.stream();
  }

  private static Set<String> types(Schema<?> schema) {
    return schema.getTypes() == null ? Set.of() : schema.getTypes();
  }
}
