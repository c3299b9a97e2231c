package dev.ingot.api;

import io.swagger.v3.oas.models.media.Schema;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A text in the API's description; each place has one of its own, as others may change theirs. */
final class TextSchema {

  private TextSchema() {}

  /**
   * @param pattern null for any text
   */
  static Schema<?> of(@Nullable String pattern) {
    Schema<?> schema = new Schema<>();
    schema.setTypes(Set.of("string"));
    schema.setPattern(pattern);
    return schema;
  }

  static Schema<?> notEmpty() {
    Schema<?> schema = of(null);
    schema.setMinLength(1);
    return schema;
  }
}
