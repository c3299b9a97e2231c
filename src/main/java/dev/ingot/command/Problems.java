package dev.ingot.command;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What is wrong, as lines that editors and CI systems lead to its place. */
final class Problems {

  private Problems() {}

  /** A problem document, with its problems. */
  static String text(JsonNode document) {
    Stream<String> single = document.path("problems").valueStream().map(Problems::line);
    return Stream.concat(Stream.of(document.path("message").asString("")), single)
        .distinct()
        .collect(Collectors.joining("\n"));
  }

  /** Whether nothing is built because of it. */
  static boolean isError(JsonNode problem) {
    return problem.path("severity").asString("error").equals("error");
  }

  /** One: {@code model:line:column: severity: message}, as far as it has a place. */
  static String line(JsonNode problem) {
    String place =
        Stream.of("model", "line", "column")
            .map(problem::path)
            .takeWhile(part -> part.isString() || part.isNumber())
            .map(JsonNode::asString)
            .collect(Collectors.joining(":"));
    return "%s%s: %s"
        .formatted(
            place.isEmpty() ? "" : place + ": ",
            problem.path("severity").asString("error"),
            problem.path("message").asString(""));
  }
}
