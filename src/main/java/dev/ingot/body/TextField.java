package dev.ingot.body;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.annotation.JsonDeserialize;

/** A text or null, in a request; see {@link FieldReader}. */
@JsonDeserialize(using = TextField.Reader.class)
record TextField(@Nullable String text) {

  static final class Reader extends FieldReader<TextField, String> {
    Reader() {
      super(new TypeReference<>() {}, TextField::new);
    }
  }
}
