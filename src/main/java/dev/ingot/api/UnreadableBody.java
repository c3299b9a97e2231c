package dev.ingot.api;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with a request's body, and where. */
final class UnreadableBody {

  private static final int NEAR = 3;

  private UnreadableBody() {}

  static Fault explain(HttpMessageNotReadableException e) {
    return switch (e.getCause()) {
      case UnrecognizedPropertyException unknown -> unknownField(unknown);
      case MismatchedInputException whole when whole.getPath().isEmpty() ->
          fault("The body must be one JSON object, with nothing after it", e);
      case MismatchedInputException mismatch ->
          fault("Field '%s' has the wrong type: %s".formatted(path(mismatch), wanted(mismatch)), e);
      // The parser's own message repeats what stands there, which may be a secret without quotes.
      case StreamReadException malformed ->
          fault(
              "The body is not JSON, at line %d, column %d%s"
                  .formatted(
                      malformed.getLocation().getLineNr(),
                      malformed.getLocation().getColumnNr(),
                      malformed instanceof UnexpectedEndOfInputException
                          ? ": it ends too early"
                          : ""),
              e);
      case null, default -> fault("The request needs a JSON body", e);
    };
  }

  private static Fault unknownField(UnrecognizedPropertyException e) {
    Collection<Object> known = Optional.ofNullable(e.getKnownPropertyIds()).orElse(List.of());
    String name = String.valueOf(e.getPropertyName());
    String near =
        known.stream()
            .map(Object::toString)
            .filter(candidate -> distance(candidate, name) <= NEAR)
            .min(Comparator.comparingInt(candidate -> distance(candidate, name)))
            .map(candidate -> "; did you mean '" + candidate + "'?")
            .orElse("");
    String names = known.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
    return new Fault(
        FaultCode.UNKNOWN_FIELD,
        "Unknown field '%s'%s (known: %s)".formatted(path(e), near, names),
        e);
  }

  private static String path(JacksonException e) {
    return e.getPath().stream()
        .map(part ->
            part.getPropertyName() == null ? "[" + part.getIndex() + "]" : part.getPropertyName())
        .collect(Collectors.joining("."));
  }

  private static String wanted(MismatchedInputException e) {
    Class<?> type = e.getTargetType();
    if (type != null && type.isRecord()) {
      return "expected an object";
    }
    return type == null
        ? "it doesn't fit"
        : "expected " + type.getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static Fault fault(String message, Throwable cause) {
    return new Fault(FaultCode.BAD_REQUEST, message, cause);
  }

  /** Levenshtein's distance, without regard to case. */
  private static int distance(String first, String second) {
    String a = first.toLowerCase(Locale.ROOT);
    String b = second.toLowerCase(Locale.ROOT);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(change, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
