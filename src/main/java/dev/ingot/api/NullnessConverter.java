package dev.ingot.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Carries what the records say about null over to the schemas: a component without
 * {@code @Nullable} is always there, one with it may be null.
 */
@Component
class NullnessConverter implements ModelConverter {

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    if (!chain.hasNext()) {
      return null;
    }
    Schema<?> resolved = chain.next().resolve(type, context, chain);
    JavaType java = Json.mapper().constructType(type.getType());
    if (resolved != null && java != null && java.getRawClass().isRecord()) {
      Schema<?> model = model(resolved, context);
      if (model != null && model.getProperties() != null) {
        describe(model, java.getRawClass().getRecordComponents());
      }
    }
    return resolved;
  }

  private static @Nullable Schema<?> model(Schema<?> resolved, ModelConverterContext context) {
    String ref = resolved.get$ref();
    return ref == null
        ? resolved
        : context.getDefinedModels().get(ref.substring(ref.lastIndexOf('/') + 1));
  }

  private static void describe(Schema<?> model, RecordComponent[] components) {
    List<String> required = new ArrayList<>();
    Set<String> stated = model.getRequired() == null ? Set.of() : Set.copyOf(model.getRequired());
    for (RecordComponent component : components) {
      String name = name(component);
      Schema<?> property = property(model, name);
      boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (property == null) {
        continue;
      }
      if (!nullable || stated.contains(name)) {
        required.add(name);
      } else if (property.getTypes() != null) {
        var types = new LinkedHashSet<>(property.getTypes());
        types.add("null");
        property.setTypes(types);
      } else if (property.get$ref() != null) {
        model.getProperties().put(name, orNull(property));
      }
    }
    model.setRequired(required.isEmpty() ? null : required);
  }

  private static Schema<?> orNull(Schema<?> reference) {
    Schema<?> referred = new Schema<>();
    referred.set$ref(reference.get$ref());
    Schema<?> nothing = new Schema<>();
    nothing.setTypes(Set.of("null"));
    Schema<?> either = new Schema<>();
    either.setDescription(reference.getDescription());
    either.addOneOfItem(referred);
    either.addOneOfItem(nothing);
    return either;
  }

  private static @Nullable Schema<?> property(Schema<?> model, String name) {
    Map<String, ?> properties = model.getProperties();
    return properties.get(name) instanceof Schema<?> property ? property : null;
  }

  private static String name(RecordComponent component) {
    JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
    return renamed == null ? component.getName() : renamed.value();
  }
}
