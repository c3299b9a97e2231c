package dev.ingot.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What clients of one contract could stumble over in another one: less is taken than before, or
 * something else is sent. For OpenAPI 3.1 as Ingot writes it; what it adds, and words, are no
 * breaks.
 */
public final class ContractBreaks {

  private static final List<String> METHODS = List.of("get", "post", "patch", "put", "delete");

  /** Of what is sent, a higher one takes less; of the others, a lower one. */
  private static final List<String> LEAST = List.of("minLength", "minItems", "minimum");

  private static final List<String> MOST =
      List.of("maxLength", "maxItems", "maximum", "maxProperties");

  private final JsonNode before;
  private final JsonNode after;
  private final List<String> found = new ArrayList<>();
  private final Set<String> compared = new HashSet<>();

  private ContractBreaks(JsonNode before, JsonNode after) {
    this.before = before;
    this.after = after;
  }

  /** Each as a sentence; none when clients needn't change. */
  public static List<String> between(JsonNode before, JsonNode after) {
    var breaks = new ContractBreaks(before, after);
    before.path("paths").forEachEntry((path, item) -> breaks.path(path, item));
    return breaks.found;
  }

  private void path(String path, JsonNode item) {
    for (String method : METHODS) {
      if (item.has(method)) {
        String where = method.toUpperCase(Locale.ROOT) + " " + path;
        JsonNode now = after.path("paths").path(path).path(method);
        if (now.isMissingNode()) {
          found.add(where + " is gone");
        } else {
          operation(where, item.path(method), now);
        }
      }
    }
  }

  private void operation(String where, JsonNode old, JsonNode now) {
    parameters(where, old, now);
    JsonNode oldBody = old.path("requestBody");
    JsonNode nowBody = now.path("requestBody");
    if (nowBody.path("required").asBoolean(false) && !oldBody.path("required").asBoolean(false)) {
      found.add(where + " requires a body");
    }
    contents(where + " body", oldBody, nowBody, true);
    old.path("responses")
        .forEachEntry((status, response) -> {
          if (status.startsWith("2") || status.startsWith("3")) {
            JsonNode nowResponse = now.path("responses").path(status);
            if (nowResponse.isMissingNode()) {
              found.add("%s has no answer %s".formatted(where, status));
            } else {
              contents(where + " " + status, response, nowResponse, false);
            }
          }
        });
  }

  private void contents(String where, JsonNode old, JsonNode now, boolean sent) {
    old.path("content")
        .forEachEntry((type, content) -> {
          JsonNode nowContent = now.path("content").path(type);
          if (nowContent.isMissingNode()) {
            found.add("%s is no %s any more".formatted(where, type));
          } else {
            schema(where, content.path("schema"), nowContent.path("schema"), sent);
          }
        });
  }

  private static String key(JsonNode parameter) {
    return parameter.path("in").asString() + " " + parameter.path("name").asString();
  }

  private void parameters(String where, JsonNode old, JsonNode now) {
    for (JsonNode one : now.path("parameters")) {
      JsonNode known = find(old, one);
      if (one.path("required").asBoolean(false) && !known.path("required").asBoolean(false)) {
        found.add("%s requires %s".formatted(where, key(one)));
      }
    }
    for (JsonNode one : old.path("parameters")) {
      JsonNode still = find(now, one);
      if (still.isMissingNode()) {
        found.add("%s takes no %s".formatted(where, key(one)));
      } else {
        schema(where + " " + key(one), one.path("schema"), still.path("schema"), true);
      }
    }
  }

  private static JsonNode find(JsonNode operation, JsonNode parameter) {
    return operation
        .path("parameters")
        .valueStream()
        .filter(one -> key(one).equals(key(parameter)))
        .findFirst()
        .orElse(operation.path("\0"));
  }

  private static JsonNode resolved(JsonNode api, JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    return reference.isEmpty() ? schema : api.at(reference.substring(1));
  }

  /** Empty where it is no reference. */
  private static String reference(JsonNode schema) {
    return Stream.concat(Stream.of(schema), schema.path("oneOf").valueStream())
        .map(one -> one.path("$ref").asString(""))
        .filter(one -> !one.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** What isn't null of {@code oneOf: [something, null]}. */
  private static JsonNode plain(JsonNode api, JsonNode schema) {
    JsonNode whole = resolved(api, schema);
    return whole
        .path("oneOf")
        .valueStream()
        .filter(one -> !one.path("type").asString("").equals("null"))
        .findFirst()
        .map(one -> resolved(api, one))
        .orElse(whole);
  }

  /** None where it may be anything. */
  private static Set<String> types(JsonNode api, JsonNode schema) {
    var types = new TreeSet<String>();
    Stream.concat(Stream.of(plain(api, schema)), resolved(api, schema).path("oneOf").valueStream())
        .forEach(one -> {
          JsonNode type = one.path("type");
          if (type.isArray()) {
            type.forEach(word -> types.add(word.asString()));
          } else if (type.isString()) {
            types.add(type.asString());
          }
        });
    return types;
  }

  /**
   * @param sent by clients, or else to them
   */
  private void schema(String where, JsonNode old, JsonNode now, boolean sent) {
    String reference = reference(old);
    if (!reference.isEmpty() && !compared.add(reference + " " + reference(now) + " " + sent)) {
      return;
    }
    words(where, "type", types(before, old), types(after, now), sent);
    JsonNode oldPlain = plain(before, old);
    JsonNode nowPlain = plain(after, now);
    words(where, "enum", texts(oldPlain.path("enum")), texts(nowPlain.path("enum")), sent);
    if (!oldPlain.path("format").equals(nowPlain.path("format"))) {
      found.add("%s has another format".formatted(where));
    }
    if (sent) {
      limits(where, oldPlain, nowPlain);
    }
    properties(where, oldPlain, nowPlain, sent);
    for (String part : List.of("items", "additionalProperties")) {
      if (oldPlain.path(part).isObject() && nowPlain.path(part).isObject()) {
        schema(where + "[]", oldPlain.path(part), nowPlain.path(part), sent);
      }
    }
  }

  private static Set<String> texts(JsonNode array) {
    var texts = new TreeSet<String>();
    array.forEach(one -> texts.add(one.asString()));
    return texts;
  }

  /** Clients may still send all that they could, and get nothing that they don't know. */
  private void words(String where, String what, Set<String> old, Set<String> now, boolean sent) {
    Set<String> wider = sent ? now : old;
    Set<String> narrower = sent ? old : now;
    if (!wider.isEmpty() && !(wider.containsAll(narrower) && !narrower.isEmpty())) {
      found.add("%s has %s %s instead of %s".formatted(where, what, now, old));
    }
  }

  private void limits(String where, JsonNode old, JsonNode now) {
    if (now.has("pattern") && !now.path("pattern").equals(old.path("pattern"))) {
      found.add("%s has another pattern".formatted(where));
    }
    LEAST.forEach(limit -> limit(where, limit, old, now, (is, was) -> is > was));
    MOST.forEach(limit -> limit(where, limit, old, now, (is, was) -> is < was));
  }

  private void limit(
      String where, String limit, JsonNode old, JsonNode now, BiPredicate<Double, Double> less) {
    boolean is = now.has(limit);
    if (is
        && !(old.has(limit)
            && !less.test(now.path(limit).asDouble(), old.path(limit).asDouble()))) {
      found.add("%s has another %s".formatted(where, limit));
    }
  }

  private void properties(String where, JsonNode old, JsonNode now, boolean sent) {
    Set<String> oldRequired = texts(old.path("required"));
    Set<String> nowRequired = texts(now.path("required"));
    (sent ? nowRequired : oldRequired)
        .stream()
            .filter(field -> !(sent ? oldRequired : nowRequired).contains(field))
            .forEach(field ->
                found.add(
                    "%s %s %s".formatted(where, sent ? "requires" : "may be without", field)));
    old.path("properties")
        .forEachEntry((field, property) -> {
          JsonNode still = now.path("properties").path(field);
          if (still.isMissingNode()) {
            found.add("%s has no %s".formatted(where, field));
          } else {
            schema(where + "." + field, property, still, sent);
          }
        });
  }
}
