package dev.ingot.engine;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table or view of one connection, fully qualified: as many parts as its engine's names have, of
 * which the last is the table's own.
 */
public record TableName(List<String> parts) {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Between the parts of a schema that has several. */
  private static final String SEPARATOR = "\u001f";

  public TableName {
    parts = List.copyOf(parts);
    if (parts.isEmpty() || parts.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("a table's name has parts, and none of them is empty");
    }
  }

  /** A name of two parts. */
  public TableName(String schema, String name) {
    this(List.of(schema, name));
  }

  /**
   * A name as it was stored.
   *
   * @param schema as {@link #schema} gave it
   */
  public static TableName stored(String schema, String name) {
    Stream<String> before =
        schema.isEmpty() ? Stream.empty() : Stream.of(schema.split(SEPARATOR, -1));
    return new TableName(Stream.concat(before, Stream.of(name)).toList());
  }

  /** Whether a table can be declared under a name with this part, and its name be stored. */
  public static boolean isStorable(String part) {
    return !part.isEmpty() && !part.contains(SEPARATOR);
  }

  /** What comes before the table's own name, as one text that can be stored; empty for nothing. */
  public String schema() {
    return String.join(SEPARATOR, parts.subList(0, parts.size() - 1));
  }

  /** The table's own name. */
  public String name() {
    return parts.getLast();
  }

  /**
   * As SQL, every part quoted: {@code "main"."orders"}. Standard SQL; an engine that quotes in
   * another way has words of its own for it.
   */
  public String sql() {
    return joined(TableName::quote);
  }

  public static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** Equal for names that an engine without regard to case takes for the same table. */
  public TableName folded() {
    return new TableName(parts.stream().map(part -> part.toLowerCase(Locale.ROOT)).toList());
  }

  /** As people write it: {@code main.orders}, with quotes only where a part needs them. */
  @Override
  public String toString() {
    return joined(TableName::plain);
  }

  private String joined(UnaryOperator<String> written) {
    return parts.stream().map(written).collect(Collectors.joining("."));
  }

  private static String plain(String part) {
    return PLAIN.matcher(part).matches() ? part : quote(part);
  }
}
