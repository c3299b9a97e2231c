package dev.ingot.body;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * Reads a field that may be null into something that holds the value or null. There is none at all
 * when the field is absent, which a change takes differently.
 *
 * @param <F> what holds the value
 * @param <V> the value
 */
abstract class FieldReader<F, V> extends ValueDeserializer<F> {

  private final TypeReference<V> type;
  private final Function<@Nullable V, F> holder;

  FieldReader(TypeReference<V> type, Function<@Nullable V, F> holder) {
    this.type = type;
    this.holder = holder;
  }

  @Override
  public F deserialize(JsonParser parser, DeserializationContext context) {
    return holder.apply(context.readValue(parser, context.getTypeFactory().constructType(type)));
  }

  @Override
  public F getNullValue(DeserializationContext context) {
    return holder.apply(null);
  }

  @Override
  public @Nullable Object getAbsentValue(DeserializationContext context) {
    return null;
  }
}
