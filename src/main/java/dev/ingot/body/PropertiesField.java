package dev.ingot.body;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Properties or null, in a request; see {@link FieldReader}. */
@JsonDeserialize(using = PropertiesField.Reader.class)
record PropertiesField(@Nullable Map<String, @Nullable String> properties) {

  static final class Reader extends FieldReader<PropertiesField, Map<String, @Nullable String>> {
    Reader() {
      super(new TypeReference<>() {}, PropertiesField::new);
    }
  }
}
