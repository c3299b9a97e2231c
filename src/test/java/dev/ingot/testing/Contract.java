package dev.ingot.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What {@code api-doc.yaml} says of the errors that each operation has. */
public final class Contract {

  private static final Contract WRITTEN = new Contract();

  private final List<Route> routes = new ArrayList<>();

  /**
   * @param variables how many parts of the path are any text: fewer fit better
   */
  private record Route(String method, Pattern path, long variables, JsonNode operation) {}

  private Contract() {
    JsonNode paths = YAMLMapper.builder().build().readTree(Path.of("api-doc.yaml")).path("paths");
    paths
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(one ->
                    routes.add(
                        new Route(
                            one.getKey().toUpperCase(Locale.ROOT),
                            pattern(path.getKey()),
                            path.getKey().chars().filter(c -> c == '{').count(),
                            one.getValue()))));
  }

  private static Pattern pattern(String path) {
    String models = path.replace("/models/{path}", "/models/{model}");
    return Pattern.compile(
        "\\Q"
            + models.replace("{model}", "\\E.+\\Q").replaceAll("\\{[a-zA-Z]+}", "\\\\E[^/]+\\\\Q")
            + "\\E");
  }

  /** Fails where an operation refuses something in a way that the contract doesn't have. */
  static void check(String method, String path, Answer answer) {
    String plain = path.replaceFirst("\\?.*", "");
    WRITTEN
        .find(method, plain)
        // A path of one operation, asked in the way of another, is none.
        .filter(route -> answer.status() != 405)
        .filter(route -> !isListed(route.operation(), answer))
        .ifPresent(route -> {
          throw new AssertionError(
              "%s may not be refused with %d %s, says the contract: name it in its @Refused"
                  .formatted(
                      route.operation().path("operationId").asString(),
                      answer.status(),
                      answer.code()));
        });
  }

  private static boolean isListed(JsonNode operation, Answer answer) {
    String codes = operation.path("x-codes").path(String.valueOf(answer.status())).asString("");
    return List.of(codes.split(", ")).contains(answer.code());
  }

  private Optional<Route> find(String method, String path) {
    return routes.stream()
        .filter(route -> route.method().equals(method) && route.path().matcher(path).matches())
        .min(Comparator.comparingLong(Route::variables));
  }
}
