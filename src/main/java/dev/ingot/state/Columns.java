package dev.ingot.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** How values lie in columns: times as UTC without a zone, documents as JSON text. */
public final class Columns {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private Columns() {}

  public static @Nullable LocalDateTime time(@Nullable Instant instant) {
    return instant == null ? null : utc(instant);
  }

  public static LocalDateTime utc(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  public static Instant instant(ResultSet row, String column) throws SQLException {
    Instant instant = instantOrNull(row, column);
    if (instant == null) {
      throw new SQLException("no time in " + column);
    }
    return instant;
  }

  public static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    LocalDateTime time = row.getObject(column, LocalDateTime.class);
    return time == null ? null : time.toInstant(ZoneOffset.UTC);
  }

  public static String json(Object value) {
    return JSON.writeValueAsString(value);
  }

  public static <T> T value(String json, Class<T> type) {
    return JSON.readValue(json, type);
  }

  public static <T> @Nullable T valueOrNull(@Nullable String json, Class<T> type) {
    return json == null ? null : value(json, type);
  }

  /** Texts by their names. */
  public static Map<String, String> texts(String json) {
    return JSON.readValue(json, TEXTS);
  }

  /** Whatever JSON has, by its names. */
  public static Map<String, Object> fields(String json) {
    return JSON.readValue(json, FIELDS);
  }

  public static <T> List<T> values(String json, Class<T[]> type) {
    return Arrays.asList(JSON.readValue(json, type));
  }
}
