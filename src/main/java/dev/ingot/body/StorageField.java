package dev.ingot.body;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.annotation.JsonDeserialize;

/** A storage or null, in a request; see {@link FieldReader}. */
@JsonDeserialize(using = StorageField.Reader.class)
public record StorageField(@Nullable StorageRequest storage) {

  static final class Reader extends FieldReader<StorageField, StorageRequest> {
    Reader() {
      super(new TypeReference<>() {}, StorageField::new);
    }
  }
}
