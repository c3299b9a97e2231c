package dev.ingot.body;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says which field of a body isn't known, or has the wrong type, without what stands there. */
public final class UnfitField {

  private static final int NEAR = 3;

  private UnfitField() {}

  /** UNKNOWN_FIELD or BAD_REQUEST; empty when it isn't a field's fault. */
  public static Optional<Fault> explain(JacksonException e) {
    return switch (e) {
      case UnrecognizedPropertyException unknown -> Optional.of(unknown(unknown));
      case MismatchedInputException whole when whole.getPath().isEmpty() -> Optional.empty();
      case MismatchedInputException mismatch ->
          Optional.of(
              new Fault(
                  FaultCode.BAD_REQUEST,
                  "Field '%s' has the wrong type: %s".formatted(path(mismatch), wanted(mismatch)),
                  mismatch));
      default -> Optional.empty();
    };
  }

  private static Fault unknown(UnrecognizedPropertyException e) {
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
    if (type != null && Collection.class.isAssignableFrom(type)) {
      return "expected a list";
    }
    return type == null
        ? "it doesn't fit"
        : "expected " + type.getSimpleName().toLowerCase(Locale.ROOT);
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
