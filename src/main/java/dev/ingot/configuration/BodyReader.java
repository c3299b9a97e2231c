package dev.ingot.configuration;

import dev.ingot.body.BodyFormat;
import dev.ingot.body.UnfitField;
import dev.ingot.fault.Fault;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a tree as requests are read. What doesn't fit is told and taken out, and the rest read
 * again, so that all of it is told at once.
 */
final class BodyReader {

  private static final JsonMapper JSON = json();

  private final Tree tree;

  /** The texts that come from variables, where a number may be wanted. */
  private final Set<String> replaced;

  private final Telling told;

  BodyReader(Tree tree, Set<String> replaced, Telling told) {
    this.tree = tree;
    this.replaced = replaced;
    this.told = told;
  }

  private static JsonMapper json() {
    JsonMapper.Builder builder = JsonMapper.builder();
    BodyFormat.strict(builder);
    return builder.build();
  }

  /** Empty when there is so much wrong that nobody would read more. */
  Optional<FileBody> read() {
    while (!told.isFull()) {
      try {
        return Optional.of(JSON.treeToValue(tree.root(), FileBody.class));
      } catch (JacksonException e) {
        mend(e);
      }
    }
    return Optional.empty();
  }

  private void mend(JacksonException e) {
    String pointer = pointer(e);
    if (e instanceof MismatchedInputException mismatch && mended(pointer, mismatch)) {
      return;
    }
    Fault fault = UnfitField.explain(e).orElseThrow(() -> e);
    if (e instanceof UnrecognizedPropertyException) {
      told.foreign(pointer, tree.position(pointer), fault.detail());
    } else {
      told.mistake(pointer, tree.position(pointer), fault.detail());
    }
    replace(pointer, null);
  }

  /** A text that a variable gave may be the number, true or false that is wanted. */
  private boolean mended(String pointer, MismatchedInputException e) {
    JsonNode node = tree.at(pointer);
    if (!node.isString() || !replaced.remove(pointer)) {
      return false;
    }
    String text = node.stringValue();
    if (e.getTargetType() == Boolean.class && List.of("true", "false").contains(text)) {
      replace(pointer, JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(text)));
      return true;
    }
    if (e.getTargetType() == Integer.class && text.matches("-?\\d{1,9}")) {
      replace(pointer, JsonNodeFactory.instance.numberNode(Integer.parseInt(text)));
      return true;
    }
    return false;
  }

  private void replace(String pointer, @Nullable JsonNode value) {
    JsonPointer place = JsonPointer.compile(pointer);
    JsonPointer last = place.last();
    switch (tree.root().at(place.head())) {
      case ObjectNode object when value == null -> object.remove(last.getMatchingProperty());
      case ObjectNode object -> object.set(last.getMatchingProperty(), value);
      case ArrayNode array ->
          array.set(
              last.getMatchingIndex(), value == null ? JsonNodeFactory.instance.nullNode() : value);
      default -> throw new IllegalStateException("nothing lies at " + pointer);
    }
  }

  private static String pointer(JacksonException e) {
    String pointer = "";
    for (JacksonException.Reference part : e.getPath()) {
      pointer =
          part.getPropertyName() == null
              ? Tree.below(pointer, part.getIndex())
              : Tree.below(pointer, part.getPropertyName());
    }
    return pointer;
  }
}
