package dev.ingot.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The values of a model's givens for one query.
 *
 * @param values those that were asked with, by the model's names for them
 * @param bound those that are not the asker's to choose, by name
 */
public record Givens(Map<String, JsonNode> values, Map<String, Bound> bound) {

  public static final Givens NONE = new Givens(Map.of(), Map.of());

  /** From here on JavaScript, which reads them, rounds whole numbers. */
  private static final long SAFE = 1L << 53;

  /**
   * @throws Fault GIVEN_INVALID for a text that can't be written
   */
  public Givens {
    values = sorted(values, Givens::exact);
    bound = sorted(bound, UnaryOperator.identity());
  }

  /**
   * A given that the project binds to a claim.
   *
   * @param value what the asker's claim says; null without one
   */
  public record Bound(String claim, @Nullable JsonNode value) {

    public Bound {
      value = value == null ? null : exact(value);
    }

    /** Without the value. */
    @Override
    public String toString() {
      return "claim:" + claim;
    }
  }

  private static <V> Map<String, V> sorted(Map<String, V> map, UnaryOperator<V> change) {
    var changed = new TreeMap<String, V>();
    map.forEach((name, value) -> changed.put(name, change.apply(value)));
    return Collections.unmodifiableMap(changed);
  }

  /** With large whole numbers as texts, which a given of type number takes too. */
  private static JsonNode exact(JsonNode value) {
    return switch (value) {
      case ArrayNode array -> {
        ArrayNode exact = JsonNodeFactory.instance.arrayNode();
        array.forEach(element -> exact.add(exact(element)));
        yield exact;
      }
      case ObjectNode object -> {
        ObjectNode exact = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(field -> exact.set(field.getKey(), exact(field.getValue())));
        yield exact;
      }
      case StringNode text -> whole(text);
      default ->
          value.isIntegralNumber() && !isSafe(value)
              ? StringNode.valueOf(value.bigIntegerValue().toString())
              : value;
    };
  }

  /** Half a character would be another text on its way: all such halves are written alike. */
  private static StringNode whole(StringNode text) {
    if (!UTF_8.newEncoder().canEncode(text.stringValue())) {
      throw new Fault(
          FaultCode.GIVEN_INVALID, "A text among the givens has half a character in it");
    }
    return text;
  }

  private static boolean isSafe(JsonNode whole) {
    return whole.canConvertToLong() && Math.abs(whole.longValue()) < SAFE;
  }

  /** Equal for equal values, and else not: what an answer depends on. */
  public String text() {
    if (values.isEmpty() && bound.isEmpty()) {
      return "";
    }
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    values.forEach(all.putObject("values")::set);
    ObjectNode claims = all.putObject("bound");
    bound.forEach((name, of) -> {
      ArrayNode one = claims.putArray(name).add(of.claim());
      if (of.value() != null) {
        one.add(of.value());
      }
    });
    return all.toString();
  }

  /** Without the values. */
  @Override
  public String toString() {
    return "givens %s, bound %s".formatted(values.keySet(), bound.keySet());
  }
}
