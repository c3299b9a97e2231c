package dev.ingot.plan;

import dev.ingot.engine.Engine.UnreachableException;
import dev.ingot.fault.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The connections that don't answer while a package is planned. What is on them can neither be
 * reused nor built; the package's other connections are planned as ever.
 */
final class Unreachable {

  private final Map<String, String> why = new LinkedHashMap<>();

  /** Asks a connection, once it didn't answer no more. */
  <T> T ask(String connection, Supplier<T> question, T otherwise) {
    if (why.containsKey(connection)) {
      return otherwise;
    }
    try {
      return question.get();
    } catch (UnreachableException e) {
      why.put(connection, e.detail());
      return otherwise;
    }
  }

  /** By connection, what its database says. */
  Map<String, String> why() {
    return Map.copyOf(why);
  }

  List<Problem> warnings() {
    return why.values().stream().map(said -> Problem.warning("connection_failed", said)).toList();
  }
}
