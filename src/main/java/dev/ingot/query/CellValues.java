package dev.ingot.query;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns an engine's plain values into the few types that results are written from. */
final class CellValues {

  /** As JavaScript writes a date: always three digits of a second, in UTC. */
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private static final DateTimeFormatter SQL =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
          .toFormatter(Locale.ROOT);

  private CellValues() {}

  static String isoTime(Object value) {
    Instant instant =
        switch (value) {
          case LocalDateTime time -> time.toInstant(ZoneOffset.UTC);
          case OffsetDateTime time -> time.toInstant();
          case LocalDate date -> date.atStartOfDay().toInstant(ZoneOffset.UTC);
          default -> throw unexpected("a time", value);
        };
    return ISO.format(instant);
  }

  static boolean bool(Object value) {
    return switch (value) {
      case Boolean flag -> flag;
      case Number number -> number.doubleValue() != 0;
      default -> throw unexpected("a boolean", value);
    };
  }

  static BigDecimal decimal(Number number) {
    return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
  }

  static boolean isFinite(Number number) {
    return !(number instanceof Double || number instanceof Float)
        || Double.isFinite(number.doubleValue());
  }

  static Number number(Object value) {
    if (value instanceof Number number) {
      return number;
    }
    throw unexpected("a number", value);
  }

  static List<?> list(Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw unexpected("an array", value);
  }

  static Map<?, ?> record(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw unexpected("a record", value);
  }

  /** A value of a type that Malloy has no word for, as plain JSON values. */
  static Object plain(Object value) {
    return switch (value) {
      case Boolean flag -> flag;
      case Number number when isFinite(number) -> number;
      case LocalDateTime time -> isoTime(time);
      case OffsetDateTime time -> isoTime(time);
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case List<?> list -> plainList(list);
      case Map<?, ?> map -> plainMap(map);
      default -> value.toString();
    };
  }

  private static List<@Nullable Object> plainList(List<?> list) {
    var plain = new ArrayList<@Nullable Object>();
    for (Object element : list) {
      plain.add(element == null ? null : plain(element));
    }
    return plain;
  }

  private static Map<String, @Nullable Object> plainMap(Map<?, ?> map) {
    var plain = new LinkedHashMap<String, @Nullable Object>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object value = entry.getValue();
      plain.put(key(entry.getKey()), value == null ? null : plain(value));
    }
    return plain;
  }

  /** Of a map; a time as SQL writes it, bytes as they are written elsewhere. */
  private static String key(@Nullable Object key) {
    return switch (key) {
      case LocalDateTime time -> SQL.format(time);
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case null, default -> String.valueOf(key);
    };
  }

  private static IllegalStateException unexpected(String wanted, Object value) {
    return new IllegalStateException(
        "the database gave a %s where the model has %s"
            .formatted(value.getClass().getSimpleName(), wanted));
  }
}
