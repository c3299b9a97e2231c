package dev.ingot.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.engine.Engine.EngineException;
import java.util.List;

/** The names of tables on engines whose names have a schema and the table's own. */
public final class GenerationNames {

  private GenerationNames() {}

  /** The longest beginning of the name that has at most this many bytes in UTF-8. */
  public static String shorten(String name, int bytes) {
    var kept = new StringBuilder();
    int used = 0;
    for (int codePoint : name.codePoints().toArray()) {
      String character = Character.toString(codePoint);
      used += character.getBytes(UTF_8).length;
      if (used > bytes) {
        break;
      }
      kept.append(character);
    }
    return kept.toString();
  }

  /**
   * The name that a declared name's segments mean.
   *
   * @param schema of those that say none
   * @param engine as people call it
   * @throws EngineException when they mean none
   */
  public static TableName resolve(List<String> segments, String schema, String engine) {
    if (!segments.stream().allMatch(TableName::isStorable)) {
      throw new EngineException(
          "a part of it is empty or has the control character U+001F",
          new IllegalArgumentException(segments.toString()));
    }
    return switch (segments.size()) {
      case 1 -> new TableName(schema, segments.getFirst());
      case 2 -> new TableName(segments.getFirst(), segments.getLast());
      default ->
          throw new EngineException(
              "a table on %s has a name and at most a schema, not %s"
                  .formatted(engine, String.join(".", segments)),
              new IllegalArgumentException(segments.toString()));
    };
  }

  /**
   * A declared name with a suffix, its own name shortened as needed.
   *
   * @param bytes the most that a name may have
   */
  public static TableName of(TableName declared, String suffix, int bytes) {
    String name = shorten(declared.name(), bytes - suffix.length() - 2);
    return new TableName(declared.schema(), name + "__" + suffix);
  }
}
