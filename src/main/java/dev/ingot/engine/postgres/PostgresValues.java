package dev.ingot.engine.postgres;

import dev.ingot.engine.SqlText;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values as PostgreSQL writes them, as plain Java. The driver's own would be {@code
 * java.sql.Timestamp} and its kind within arrays, which know no calendar before 1582 but Caesar's.
 * A time of day stays the text that it is within JSON too, where PostgreSQL writes it.
 */
final class PostgresValues {

  /** PostgreSQL's own limit is 131,072 digits before the point. */
  private static final int NUMBER_LENGTH = 150_000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(NUMBER_LENGTH).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String BC = " BC";
  private static final Pattern OFFSET =
      Pattern.compile("(.*)([+-])(\\d\\d)(?::(\\d\\d))?(?::(\\d\\d))?");
  private static final Pattern DATE = Pattern.compile("(\\d{4,})-(\\d\\d)-(\\d\\d)");

  /** How one type's texts are read. */
  interface Reader {
    @Nullable Object read(String text);
  }

  private static final Map<String, Reader> READERS =
      Map.ofEntries(
          Map.entry("bool", text -> text.equals("t")),
          Map.entry("int2", Integer::valueOf),
          Map.entry("int4", Integer::valueOf),
          Map.entry("int8", Long::valueOf),
          Map.entry("float4", Float::valueOf),
          Map.entry("float8", Double::valueOf),
          Map.entry("numeric", PostgresValues::numeric),
          Map.entry("date", PostgresValues::date),
          Map.entry("timestamp", PostgresValues::timestamp),
          Map.entry("timestamptz", PostgresValues::moment),
          Map.entry("uuid", UUID::fromString),
          Map.entry("json", PostgresValues::json),
          Map.entry("jsonb", PostgresValues::json));

  private PostgresValues() {}

  static boolean knows(String type) {
    return READERS.containsKey(type);
  }

  /**
   * @param type the database's own name of it; what isn't known is read as a text
   */
  static Reader of(String type) {
    return READERS.getOrDefault(type, text -> text);
  }

  /**
   * @param element the database's own name of what is in it
   */
  static Reader ofArray(String element) {
    Reader reader = of(element);
    char delimiter = element.equals("box") ? ';' : ',';
    return text -> ArrayText.read(text, delimiter, reader);
  }

  /** Those that aren't finite have no decimal. */
  private static Number numeric(String text) {
    return Character.isLetter(text.charAt(text.length() - 1))
        ? Double.valueOf(text)
        : new BigDecimal(text);
  }

  private static @Nullable SqlText infinite(String text) {
    return switch (text) {
      case "infinity" -> SqlText.INFINITY;
      case "-infinity" -> SqlText.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  private static Object date(String text) {
    SqlText infinite = infinite(text);
    return infinite == null ? day(text) : infinite;
  }

  /** Years before the first are counted from 0, as in ISO 8601. */
  private static LocalDate day(String text) {
    boolean bc = text.endsWith(BC);
    Matcher parts = DATE.matcher(bc ? text.substring(0, text.length() - BC.length()) : text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no date: " + text);
    }
    int year = Integer.parseInt(parts.group(1));
    return LocalDate.of(
        bc ? 1 - year : year, Integer.parseInt(parts.group(2)), Integer.parseInt(parts.group(3)));
  }

  private static Object timestamp(String text) {
    SqlText infinite = infinite(text);
    return infinite == null ? local(text) : infinite;
  }

  private static LocalDateTime local(String text) {
    String era = text.endsWith(BC) ? BC : "";
    int space = text.indexOf(' ');
    String clock = text.substring(space + 1, text.length() - era.length());
    return LocalDateTime.of(day(text.substring(0, space) + era), LocalTime.parse(clock));
  }

  private static Object moment(String text) {
    SqlText infinite = infinite(text);
    if (infinite != null) {
      return infinite;
    }
    String era = text.endsWith(BC) ? BC : "";
    Matcher parts = split(text.substring(0, text.length() - era.length()));
    return OffsetDateTime.of(local(parts.group(1) + era), offset(parts));
  }

  private static Matcher split(String text) {
    Matcher parts = OFFSET.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no offset: " + text);
    }
    return parts;
  }

  private static ZoneOffset offset(Matcher parts) {
    int sign = parts.group(2).equals("-") ? -1 : 1;
    return ZoneOffset.ofHoursMinutesSeconds(
        sign * number(parts.group(3)),
        sign * number(parts.group(4)),
        sign * number(parts.group(5)));
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static @Nullable Object json(String text) {
    return JSON.readValue(text, Object.class);
  }
}
