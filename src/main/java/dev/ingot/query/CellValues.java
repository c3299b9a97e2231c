package dev.ingot.query;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns an engine's plain values into the few types that results are written from.
 *
 * <p>Each throws {@link Fault} QUERY_FAILED for a value of another type than the model has: the
 * data may have changed since the model was compiled.
 */
final class CellValues {

  private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  private CellValues() {}

  static String isoTime(Object value) {
    String moment = Times.moment(value);
    if (moment == null) {
      throw unexpected("a time", value);
    }
    return moment;
  }

  static String isoDate(Object value) {
    String day = Times.day(value);
    if (day == null) {
      throw unexpected("a date", value);
    }
    return day;
  }

  /** Of what Malloy takes for a text: a time of day is one, too. */
  static String text(Object value) {
    return switch (value) {
      case LocalTime time -> Times.clock(time);
      case OffsetTime time -> Times.clock(time);
      case LocalDate date -> isoDate(date);
      case LocalDateTime time -> isoTime(time);
      case OffsetDateTime time -> isoTime(time);
      case byte[] bytes -> throw unexpected("a text", bytes);
      case List<?> list -> throw unexpected("a text", list);
      case Map<?, ?> map -> throw unexpected("a text", map);
      default -> value.toString();
    };
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
    return switch (value) {
      case Number number -> number;
      // Within JSON that a database made, where numbers are finite.
      case String text when NOT_FINITE.contains(text) -> Double.valueOf(text);
      default -> throw unexpected("a number", value);
    };
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
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case List<?> list -> plainList(list);
      case Map<?, ?> map -> plainMap(map);
      default -> text(value);
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
      case LocalDateTime time -> Times.sql(time);
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case LocalDate date -> isoDate(date);
      case LocalTime time -> Times.clock(time);
      case OffsetTime time -> Times.clock(time);
      case null, default -> String.valueOf(key);
    };
  }

  private static Fault unexpected(String wanted, Object value) {
    String given =
        switch (value) {
          case String text -> "a text";
          case Number number -> "a number";
          case Boolean flag -> "a boolean";
          case List<?> list -> "an array";
          case Map<?, ?> map -> "a record";
          default -> "a " + value.getClass().getSimpleName();
        };
    return new Fault(
        FaultCode.QUERY_FAILED,
        "The database gave %s where the model has %s".formatted(given, wanted));
  }
}
