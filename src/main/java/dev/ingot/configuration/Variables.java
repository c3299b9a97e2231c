package dev.ingot.configuration;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Puts variables of the environment into the texts of a tree, once: what a variable has in it is
 * taken as it is. <code>${NAME}</code> is the variable, <code>${NAME:-text}</code> the text where
 * it is missing or empty, and <code>$${</code> stands for <code>${</code>; every other <code>$
 * </code> is one.
 */
final class Variables {

  private static final Pattern REFERENCE =
      Pattern.compile("\\$(\\$)?\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?})?");

  private final Map<String, String> environment;
  private final Tree tree;
  private final Telling told;
  private final Set<String> replaced = new HashSet<>();

  private Variables(Map<String, String> environment, Tree tree, Telling told) {
    this.environment = environment;
    this.tree = tree;
    this.told = told;
  }

  /** The pointers of texts that have changed. */
  static Set<String> replace(Tree tree, Map<String, String> environment, Telling told) {
    var variables = new Variables(environment, tree, told);
    variables.replace("", tree.root());
    return variables.replaced;
  }

  private JsonNode replace(String pointer, JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        for (String name : List.copyOf(object.propertyNames())) {
          object.set(name, replace(Tree.below(pointer, name), object.path(name)));
        }
        yield object;
      }
      case ArrayNode array -> {
        for (int index = 0; index < array.size(); index++) {
          array.set(index, replace(Tree.below(pointer, index), array.path(index)));
        }
        yield array;
      }
      case StringNode text -> text(pointer, text);
      default -> node;
    };
  }

  private StringNode text(String pointer, StringNode node) {
    Matcher reference = REFERENCE.matcher(node.stringValue());
    if (!reference.find()) {
      return node;
    }
    replaced.add(pointer);
    return StringNode.valueOf(
        reference.replaceAll(match -> Matcher.quoteReplacement(value(pointer, match))));
  }

  private String value(String pointer, MatchResult reference) {
    if (reference.group(1) != null) {
      return reference.group().substring(1);
    }
    String name = reference.group(2);
    if (name == null) {
      told.mistake(
          pointer,
          tree.position(pointer),
          "after '${' comes the name of a variable and '}', or ':-' and a text before the '}'; for the two characters write '$${'");
      return "";
    }
    String value = environment.get(name);
    String otherwise = reference.group(3);
    if (otherwise != null) {
      return value == null || value.isEmpty() ? otherwise : value;
    }
    if (value == null) {
      told.mistake(
          pointer,
          tree.position(pointer),
          "the environment has no variable '%s': set it, or write '$${' for the two characters"
              .formatted(name));
      return "";
    }
    return value;
  }
}
