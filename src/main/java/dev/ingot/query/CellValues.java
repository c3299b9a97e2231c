package dev.ingot.query;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** Turns what a driver gives for a value into the few Java types that results are written from. */
final class CellValues {

  /** As JavaScript writes a date: always three digits of a second, in UTC. */
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private CellValues() {}

  static String isoTime(Object value) {
    Instant instant =
        switch (value) {
          case Timestamp time -> time.toLocalDateTime().toInstant(ZoneOffset.UTC);
          case LocalDateTime time -> time.toInstant(ZoneOffset.UTC);
          case OffsetDateTime time -> time.toInstant();
          case LocalDate date -> date.atStartOfDay().toInstant(ZoneOffset.UTC);
          case Date date -> date.toLocalDate().atStartOfDay().toInstant(ZoneOffset.UTC);
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

  static List<?> list(Object value) throws SQLException {
    return switch (value) {
      case Array array -> Arrays.asList((Object[]) array.getArray());
      case Collection<?> collection -> List.copyOf(collection);
      default -> throw unexpected("an array", value);
    };
  }

  static Map<?, ?> record(Object value) throws SQLException {
    return switch (value) {
      case DuckDBStruct struct -> struct.getMap();
      case Map<?, ?> map -> map;
      default -> throw unexpected("a record", value);
    };
  }

  /** A value of a type that Malloy has no word for, as plain JSON values. */
  static Object plain(Object value) throws SQLException {
    return switch (value) {
      case Boolean flag -> flag;
      case Number number when isFinite(number) -> number;
      case Timestamp time -> isoTime(time);
      case LocalDateTime time -> isoTime(time);
      case OffsetDateTime time -> isoTime(time);
      case Blob blob -> HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
      case Array array -> plainList(array);
      case Struct struct -> plainMap(record(struct));
      case Map<?, ?> map -> plainMap(map);
      default -> value.toString();
    };
  }

  private static List<@Nullable Object> plainList(Array array) throws SQLException {
    var plain = new ArrayList<@Nullable Object>();
    for (Object element : list(array)) {
      plain.add(element == null ? null : plain(element));
    }
    return plain;
  }

  private static Map<String, @Nullable Object> plainMap(Map<?, ?> map) throws SQLException {
    var plain = new LinkedHashMap<String, @Nullable Object>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object value = entry.getValue();
      plain.put(String.valueOf(entry.getKey()), value == null ? null : plain(value));
    }
    return plain;
  }

  private static IllegalStateException unexpected(String wanted, Object value) {
    return new IllegalStateException(
        "the database gave a %s where the model has %s"
            .formatted(value.getClass().getSimpleName(), wanted));
  }
}
