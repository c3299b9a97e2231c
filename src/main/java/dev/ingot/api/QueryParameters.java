package dev.ingot.api;

import dev.ingot.compile.QueryRef;
import dev.ingot.fault.Fault;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query by GET. Read by hand: Spring takes longer to bind them, one by one,
 * than an answer takes that the client has already.
 *
 * @param givens JSON text
 */
record QueryParameters(QueryRef query, @Nullable String givens, boolean compactJson) {

  /**
   * @throws Fault BAD_REQUEST, NOT_SUPPORTED
   */
  static QueryParameters of(HttpServletRequest request) {
    Map<String, String[]> given = request.getParameterMap();
    if (given.containsKey("filterParams") || given.containsKey("bypassFilters")) {
      throw QueryController.unsupportedFilters();
    }
    QueryRef query =
        QueryController.reference(
            value(given, "query"), value(given, "sourceName"), value(given, "queryName"));
    return new QueryParameters(
        query, value(given, "givens"), isTrue("compactJson", value(given, "compactJson")));
  }

  private static @Nullable String value(Map<String, String[]> given, String name) {
    String[] values = given.get(name);
    if (values != null && values.length > 1) {
      throw QueryController.bad(
          "Parameter '%s' is given %d times: give it once".formatted(name, values.length));
    }
    return values == null ? null : values[0];
  }

  private static boolean isTrue(String name, @Nullable String value) {
    return switch (value == null ? "false" : value.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default ->
          throw QueryController.bad(
              "Parameter '%s' is true or false, not '%s'".formatted(name, value));
    };
  }
}
