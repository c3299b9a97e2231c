package dev.ingot.query;

import dev.ingot.engine.SqlText;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as text: moments as JavaScript writes them, in UTC, with three digits of a second
 * and, where four don't do, a year of a sign and six digits; what isn't finite in SQL's words.
 */
final class Times {

  private static final DateTimeFormatter NEAR = iso(4, SignStyle.NOT_NEGATIVE);
  private static final DateTimeFormatter FAR = iso(6, SignStyle.ALWAYS);

  /** A time of day has its seconds, also where they are 0. */
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private static final DateTimeFormatter SQL =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
          .toFormatter(Locale.ROOT);

  private Times() {}

  private static DateTimeFormatter iso(int yearDigits, SignStyle sign) {
    return new DateTimeFormatterBuilder()
        .appendValue(ChronoField.YEAR, yearDigits, 10, sign)
        .appendPattern("-MM-dd'T'HH:mm:ss.SSS'Z'")
        .toFormatter(Locale.ROOT);
  }

  /** A moment, or the beginning of a day; null for what is neither. */
  static @Nullable String moment(Object value) {
    return switch (value) {
      case LocalDateTime time -> iso(time);
      case OffsetDateTime time -> iso(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime());
      case LocalDate date -> iso(date.atStartOfDay());
      case SqlText text -> text.text();
      case String text -> {
        Object time = JsonTimes.read(text);
        yield time == null ? null : moment(time);
      }
      default -> null;
    };
  }

  /** The day of what {@link #moment} takes; null for anything else. */
  static @Nullable String day(Object value) {
    String moment = moment(value);
    if (moment == null) {
      return null;
    }
    int end = moment.indexOf('T');
    return end < 0 ? moment : moment.substring(0, end);
  }

  private static String iso(LocalDateTime utc) {
    return (utc.getYear() < 0 || utc.getYear() > 9999 ? FAR : NEAR).format(utc);
  }

  /** A time of day, with {@code Z} or an offset where it has one. */
  static String clock(LocalTime time) {
    return time.equals(time.truncatedTo(ChronoUnit.SECONDS)) ? CLOCK.format(time) : time.toString();
  }

  static String clock(OffsetTime time) {
    return clock(time.toLocalTime()) + time.getOffset();
  }

  /** A moment as SQL writes it. */
  static String sql(LocalDateTime time) {
    return SQL.format(time);
  }
}
