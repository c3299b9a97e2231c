package dev.ingot.api;

import dev.ingot.api.StorageResources.StorageRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * A storage or null, in a request. There is none at all when the field is absent, which a change
 * takes differently.
 */
@JsonDeserialize(using = StorageField.Reader.class)
record StorageField(@Nullable StorageRequest storage) {

  static final class Reader extends ValueDeserializer<StorageField> {

    @Override
    public StorageField deserialize(JsonParser parser, DeserializationContext context) {
      return new StorageField(context.readValue(parser, StorageRequest.class));
    }

    @Override
    public StorageField getNullValue(DeserializationContext context) {
      return new StorageField(null);
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return null;
    }
  }
}
