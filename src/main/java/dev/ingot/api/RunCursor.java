package dev.ingot.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.RunQuery.Position;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The end of a page of builds, as a text that clients hand back and needn't understand. */
final class RunCursor {

  private static final char BETWEEN = ' ';

  /** Of builds; a database may refuse other characters. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private RunCursor() {}

  static String of(Materialization last) {
    String text = last.createdAt().toString() + BETWEEN + last.id();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  /**
   * @throws Fault BAD_REQUEST
   */
  static Position read(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
      int between = text.indexOf(BETWEEN);
      if (between < 0 || !ID.matcher(text.substring(between + 1)).matches()) {
        throw malformed(null);
      }
      Instant createdAt = Instant.parse(text.substring(0, between));
      return new Position(RunTimes.storable(createdAt), text.substring(between + 1));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw malformed(e);
    }
  }

  private static Fault malformed(@Nullable Exception e) {
    return new Fault(
        FaultCode.BAD_REQUEST,
        "Parameter 'cursor' is none that a list of builds has given: take it from the Link of the page before, or leave it out",
        e);
  }
}
