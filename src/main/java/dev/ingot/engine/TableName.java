package dev.ingot.engine;

import java.util.Locale;
import java.util.regex.Pattern;

/** A table or view of one connection, with its schema. */
public record TableName(String schema, String name) {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  public TableName {
    if (schema.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException("a table has a schema and a name");
    }
  }

  /** As SQL, every part quoted: {@code "main"."orders"}. Standard SQL, the same on every engine. */
  public String sql() {
    return quote(schema) + "." + quote(name);
  }

  public static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** Equal for names that an engine without regard to case takes for the same table. */
  public TableName folded() {
    return new TableName(schema.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
  }

  /** As people write it: {@code main.orders}, with quotes only where a part needs them. */
  @Override
  public String toString() {
    return plain(schema) + "." + plain(name);
  }

  private static String plain(String part) {
    return PLAIN.matcher(part).matches() ? part : quote(part);
  }
}
