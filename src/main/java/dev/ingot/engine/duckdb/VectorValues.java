package dev.ingot.engine.duckdb;

import dev.ingot.engine.SqlText;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.sql.Blob;
import java.sql.SQLException;
import java.sql.Struct;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBArray;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBResultSet;
import org.duckdb.DuckDBStruct;
import org.duckdb.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Reads values as plain Java ones. What the driver gives out by itself for a timestamp within a
 * list, a struct or a map is a {@link java.sql.Timestamp}, which has no 1582-10-10 and no hour that
 * the machine's time zone skips. So its column vectors are read, which hold the number and make a
 * {@link LocalDateTime} of it.
 */
final class VectorValues {

  private static final long NANOS_OF_DAY = Duration.ofDays(1).toNanos();
  private static final long MICROS_OF_DAY = NANOS_OF_DAY / 1000;

  /** DuckDB keeps a time with an offset in one number: microseconds, then how far from the last. */
  private static final int OFFSET_WIDTH = 24;

  private static final long OFFSET_BITS = (1L << OFFSET_WIDTH) - 1;
  private static final int LAST_OFFSET = 16 * 60 * 60 - 1;

  private static final MethodHandle CHUNK;
  private static final MethodHandle CHUNK_ROW;
  private static final MethodHandle TYPE;
  private static final MethodHandle NESTED;
  private static final MethodHandle IS_NULL;
  private static final MethodHandle VALUE;
  private static final MethodHandle RAW;
  private static final MethodHandle LOCAL_DATE_TIME;
  private static final MethodHandle STRUCT;
  private static final MethodHandle ELEMENTS;
  private static final MethodHandle OFFSET;
  private static final MethodHandle LENGTH;
  private static final MethodHandle KEYS;
  private static final MethodHandle FIELDS;
  private static final MethodHandle ROW;

  static {
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.privateLookupIn(DuckDBResultSet.class, MethodHandles.lookup());
      Class<?> vector = lookup.findClass("org.duckdb.DuckDBVector");
      var asObjects = MethodType.methodType(Object[].class, DuckDBResultSet.class);
      CHUNK =
          lookup
              .findGetter(DuckDBResultSet.class, "currentChunk", vector.arrayType())
              .asType(asObjects);
      CHUNK_ROW = lookup.findGetter(DuckDBResultSet.class, "chunkIdx", int.class);

      MethodHandles.Lookup inVector = MethodHandles.privateLookupIn(vector, lookup);
      TYPE =
          inVector
              .findGetter(vector, "duckdb_type", DuckDBColumnType.class)
              .asType(MethodType.methodType(DuckDBColumnType.class, Object.class));
      NESTED =
          inVector
              .findGetter(vector, "varlen_data", Object[].class)
              .asType(MethodType.methodType(Object[].class, Object.class));
      IS_NULL = at(inVector, vector, "check_and_null", boolean.class);
      VALUE = at(inVector, vector, "getObject", Object.class);
      RAW = at(inVector, vector, "getLongFromConstlen", long.class);
      LOCAL_DATE_TIME = at(inVector, vector, "getLocalDateTime", LocalDateTime.class);
      STRUCT = at(inVector, vector, "getStruct", Struct.class);

      MethodHandles.Lookup inArray = MethodHandles.privateLookupIn(DuckDBArray.class, lookup);
      ELEMENTS =
          inArray
              .findGetter(DuckDBArray.class, "vector", vector)
              .asType(MethodType.methodType(Object.class, DuckDBArray.class));
      OFFSET = inArray.findGetter(DuckDBArray.class, "offset", int.class);
      LENGTH = inArray.findGetter(DuckDBArray.class, "length", int.class);

      MethodHandles.Lookup inStruct = MethodHandles.privateLookupIn(DuckDBStruct.class, lookup);
      KEYS = inStruct.findGetter(DuckDBStruct.class, "keys", String[].class);
      FIELDS =
          inStruct
              .findGetter(DuckDBStruct.class, "values", vector.arrayType())
              .asType(MethodType.methodType(Object[].class, DuckDBStruct.class));
      ROW = inStruct.findGetter(DuckDBStruct.class, "offset", int.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this version of DuckDB's driver keeps its values elsewhere", e);
    }
  }

  private VectorValues() {}

  private static MethodHandle at(
      MethodHandles.Lookup lookup, Class<?> vector, String method, Class<?> result)
      throws ReflectiveOperationException {
    return lookup
        .findVirtual(vector, method, MethodType.methodType(result, int.class))
        .asType(MethodType.methodType(result, Object.class, int.class));
  }

  /**
   * A value of the row that the result stands at.
   *
   * @param column counted from 0
   */
  static @Nullable Object read(DuckDBResultSet rows, int column) throws SQLException {
    try {
      var chunk = (Object[]) CHUNK.invokeExact(rows);
      return value(chunk[column], (int) CHUNK_ROW.invokeExact(rows) - 1);
    } catch (SQLException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new SQLException("a value can't be read", e);
    }
  }

  private static @Nullable Object value(Object vector, int at) throws Throwable {
    if ((boolean) IS_NULL.invokeExact(vector, at)) {
      return null;
    }
    return switch ((DuckDBColumnType) TYPE.invokeExact(vector)) {
      case TIMESTAMP, TIMESTAMP_S, TIMESTAMP_MS, TIMESTAMP_NS -> {
        SqlText infinite = infinite((long) RAW.invokeExact(vector, at), Long.MAX_VALUE);
        yield infinite == null ? (LocalDateTime) LOCAL_DATE_TIME.invokeExact(vector, at) : infinite;
      }
      case TIMESTAMP_WITH_TIME_ZONE -> {
        SqlText infinite = infinite((long) RAW.invokeExact(vector, at), Long.MAX_VALUE);
        yield infinite == null ? (Object) VALUE.invokeExact(vector, at) : infinite;
      }
      case DATE -> {
        var date = (LocalDate) (Object) VALUE.invokeExact(vector, at);
        SqlText infinite = infinite(date.toEpochDay(), Integer.MAX_VALUE);
        yield infinite == null ? date : infinite;
      }
      case TIME -> clock(vector, at, (long) RAW.invokeExact(vector, at), MICROS_OF_DAY, "");
      case TIME_NS -> clock(vector, at, (long) RAW.invokeExact(vector, at), NANOS_OF_DAY, "");
      case TIME_WITH_TIME_ZONE -> {
        long raw = (long) RAW.invokeExact(vector, at);
        var offset = ZoneOffset.ofTotalSeconds(LAST_OFFSET - (int) (raw & OFFSET_BITS));
        yield clock(vector, at, raw >>> OFFSET_WIDTH, MICROS_OF_DAY, offset.toString());
      }
      case LIST, ARRAY -> list((DuckDBArray) nested(vector, at));
      case STRUCT -> struct((DuckDBStruct) (Struct) STRUCT.invokeExact(vector, at));
      case MAP -> map((DuckDBArray) nested(vector, at));
      case UNION -> union((DuckDBStruct) (Struct) STRUCT.invokeExact(vector, at));
      case VARIANT -> value(nested(vector, at), 0);
      default -> plain((Object) VALUE.invokeExact(vector, at));
    };
  }

  /**
   * @param most what stands for infinity
   */
  private static @Nullable SqlText infinite(long raw, long most) {
    if (raw == most) {
      return SqlText.INFINITY;
    }
    return raw == -most ? SqlText.NEGATIVE_INFINITY : null;
  }

  /** SQL has an end of the day, which Java's clock has not. */
  private static Object clock(Object vector, int at, long raw, long day, String offset)
      throws Throwable {
    return raw == day ? new SqlText("24:00:00" + offset) : (Object) VALUE.invokeExact(vector, at);
  }

  private static Object nested(Object vector, int at) throws Throwable {
    return ((Object[]) NESTED.invokeExact(vector))[at];
  }

  private static @Nullable Object plain(@Nullable Object value) throws SQLException {
    return switch (value) {
      case Blob blob -> blob.getBytes(1, (int) blob.length());
      case JsonNode json -> json.toString();
      case null, default -> value;
    };
  }

  private static List<@Nullable Object> list(DuckDBArray array) throws Throwable {
    var elements = (Object) ELEMENTS.invokeExact(array);
    int offset = (int) OFFSET.invokeExact(array);
    int length = (int) LENGTH.invokeExact(array);
    var list = new ArrayList<@Nullable Object>(length);
    for (int i = offset; i < offset + length; i++) {
      list.add(value(elements, i));
    }
    return list;
  }

  private static Map<String, @Nullable Object> struct(DuckDBStruct struct) throws Throwable {
    var keys = (String[]) KEYS.invokeExact(struct);
    var map = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < keys.length; i++) {
      map.put(keys[i], field(struct, i));
    }
    return map;
  }

  private static @Nullable Object field(DuckDBStruct struct, int field) throws Throwable {
    return value(((Object[]) FIELDS.invokeExact(struct))[field], (int) ROW.invokeExact(struct));
  }

  /** DuckDB keeps it as a list of structs, each a key and a value. */
  private static Map<@Nullable Object, @Nullable Object> map(DuckDBArray entries) throws Throwable {
    var map = new LinkedHashMap<@Nullable Object, @Nullable Object>();
    for (Object entry : (Object[]) entries.getArray()) {
      var pair = (DuckDBStruct) entry;
      map.put(field(pair, 0), field(pair, 1));
    }
    return map;
  }

  /** A struct of all its members, and before them the number of the one that it is. */
  private static @Nullable Object union(DuckDBStruct members) throws Throwable {
    return field(members, 1 + (Short) members.getAttributes()[0]);
  }
}
