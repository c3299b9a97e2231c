package dev.ingot.configuration;

import dev.ingot.configuration.Mistake.Position;
import dev.ingot.fault.Printable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;
import tools.jackson.dataformat.yaml.YAMLReadFeature;

/**
 * Reads JSON or YAML into a tree that knows where all of it stands. One of the parsers' own readers
 * would take the last of two equal names, and an alias of YAML's for a text.
 */
final class TreeReader {

  private static final int DEEPEST = 32;
  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonParser parser;
  private final Telling told;
  private final Map<String, Position> positions = new HashMap<>();

  private TreeReader(JsonParser parser, Telling told) {
    this.parser = parser;
    this.told = told;
  }

  /** Empty when there is no tree, which is a mistake then. */
  static Optional<Tree> read(String text, boolean yaml, Telling told) {
    TokenStreamFactory format =
        yaml
            ? YAMLFactory.builder()
                .enable(YAMLReadFeature.EMPTY_STRING_AS_NULL)
                .streamReadConstraints(LIMITS)
                .build()
            : JsonFactory.builder().streamReadConstraints(LIMITS).build();
    try (JsonParser parser = format.createParser(ObjectReadContext.empty(), text)) {
      return new TreeReader(parser, told).whole();
    } catch (StreamReadException e) {
      // The parser's own message repeats what stands there, which may be a secret.
      String what = yaml ? "this is not YAML" : "this is not JSON";
      told.mistake("", position(e.getLocation()), what);
    } catch (JacksonException e) {
      told.mistake(
          "",
          position(e.getLocation()),
          "this is nested more than %d deep, or too long".formatted(DEEPEST));
    }
    return Optional.empty();
  }

  private Optional<Tree> whole() {
    if (parser.nextToken() == null) {
      told.mistake("", null, "the file is empty: it must be one object with 'projects'");
      return Optional.empty();
    }
    Position start = here();
    JsonNode root = value("");
    if (parser.nextToken() != null) {
      told.mistake("", here(), "there is something after the end of the object");
      return Optional.empty();
    }
    if (!(root instanceof ObjectNode object)) {
      told.mistake("", start, "the file must be one object with 'projects'");
      return Optional.empty();
    }
    return Optional.of(new Tree(object, positions));
  }

  private JsonNode value(String pointer) {
    positions.put(pointer, here());
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      told.mistake(pointer, here(), "aliases of YAML are not read: write it out");
      return NODES.nullNode();
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(pointer);
      case START_ARRAY -> array(pointer);
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> {
        told.mistake(pointer, here(), "this is neither text, number, true, false, list nor object");
        yield NODES.nullNode();
      }
    };
  }

  private ObjectNode object(String pointer) {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      String field = Tree.below(pointer, name);
      if (object.has(name)) {
        told.mistake(field, here(), "'%s' stands here twice".formatted(Printable.of(name)));
      }
      parser.nextToken();
      object.set(name, value(field));
    }
    return object;
  }

  private ArrayNode array(String pointer) {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(Tree.below(pointer, array.size())));
    }
    return array;
  }

  private Position here() {
    TokenStreamLocation location = parser.currentTokenLocation();
    return new Position(location.getLineNr(), location.getColumnNr());
  }

  private static @Nullable Position position(@Nullable TokenStreamLocation location) {
    if (location == null) {
      return null;
    }
    return new Position(location.getLineNr(), location.getColumnNr());
  }
}
