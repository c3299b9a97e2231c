package dev.ingot.configuration;

import dev.ingot.configuration.Mistake.Position;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What stands in a file, and where.
 *
 * @param positions by JSON pointer
 */
record Tree(ObjectNode root, Map<String, Position> positions) {

  /** Of what stands there, or of what is around it. */
  @Nullable Position position(String pointer) {
    String at = pointer;
    while (!positions.containsKey(at) && !at.isEmpty()) {
      at = at.substring(0, at.lastIndexOf('/'));
    }
    return positions.get(at);
  }

  static String below(String pointer, String field) {
    return pointer + "/" + field.replace("~", "~0").replace("/", "~1");
  }

  static String below(String pointer, int index) {
    return pointer + "/" + index;
  }

  JsonNode at(String pointer) {
    return root.at(pointer);
  }
}
