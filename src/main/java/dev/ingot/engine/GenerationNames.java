package dev.ingot.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Shortens names without cutting a character in two. */
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
}
