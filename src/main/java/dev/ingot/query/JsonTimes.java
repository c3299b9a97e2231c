package dev.ingot.query;

import dev.ingot.engine.SqlText;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Dates and times within JSON that a database made, where they are texts. */
final class JsonTimes {

  private static final Pattern TEXT =
      Pattern.compile("(\\d{4,})(-\\d\\d-\\d\\d)(T[\\d:.]+)?([+-]\\d\\d(?::?\\d\\d){0,2})?( BC)?");

  private JsonTimes() {}

  /** A date, a time or what isn't finite; null for a text that is none. */
  static @Nullable Object read(String text) {
    if (text.equals("infinity") || text.equals("-infinity")) {
      return new SqlText(text);
    }
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    try {
      return read(parts);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static Object read(Matcher parts) {
    long year = Long.parseLong(parts.group(1));
    if (parts.group(5) != null) {
      // Years before the first are counted from 0, as in ISO 8601.
      year = 1 - year;
    }
    String sign = year < 0 ? "-" : year > 9999 ? "+" : "";
    String date = "%s%04d%s".formatted(sign, Math.abs(year), parts.group(2));
    String clock = parts.group(3);
    if (clock == null) {
      return LocalDate.parse(date);
    }
    String offset = parts.group(4);
    return offset == null
        ? LocalDateTime.parse(date + clock)
        : OffsetDateTime.parse(date + clock + offset);
  }
}
