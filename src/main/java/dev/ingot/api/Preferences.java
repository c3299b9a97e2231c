package dev.ingot.api;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a request's {@code Prefer} (RFC 7240) asks for; what is malformed or unknown isn't there.
 */
final class Preferences {

  static final String HEADER = "Prefer";
  static final String APPLIED = "Preference-Applied";

  private static final Pattern COMMA = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");
  private static final Pattern PREFERENCE =
      Pattern.compile("\\s*([^\\s=;,\"]+)\\s*(?:=\\s*(\"[^\"]*\"|[^\\s=;,\"]*)\\s*)?(?:;.*)?");
  private static final Pattern SECONDS = Pattern.compile("\"?([0-9]{1,9})\"?");

  private Preferences() {}

  /** How long the client would wait; the first that is said counts. */
  static Optional<Duration> waiting(HttpServletRequest request) {
    return Collections.list(request.getHeaders(HEADER)).stream()
        .flatMap(line -> Stream.of(COMMA.split(line, -1)))
        .map(PREFERENCE::matcher)
        .filter(Matcher::matches)
        .filter(preference -> preference.group(1).equalsIgnoreCase("wait"))
        .findFirst()
        .flatMap(preference -> seconds(preference.group(2)));
  }

  private static Optional<Duration> seconds(@Nullable String value) {
    Matcher seconds = SECONDS.matcher(value == null ? "" : value);
    return seconds.matches()
        ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds.group(1))))
        : Optional.empty();
  }
}
