package dev.ingot.fault;

import java.util.List;

/**
 * Some lines of a model's text.
 *
 * @param line the number of the first one, 1-based
 */
public record Excerpt(int line, List<String> lines) {

  /** Before and after the one that it is about. */
  private static final int AROUND = 3;

  /** Of a line; what is longer is cut, as it may be data that somebody has written into a model. */
  private static final int MOST = 300;

  public Excerpt {
    lines = List.copyOf(lines);
  }

  /**
   * The lines around one.
   *
   * @param line 1-based; beyond the text it is taken for the last one
   */
  public static Excerpt around(String text, int line) {
    List<String> all = text.lines().toList();
    int at = Math.clamp(line, 1, Math.max(1, all.size()));
    int from = Math.max(1, at - AROUND);
    int to = Math.min(all.size(), at + AROUND);
    return new Excerpt(from, all.subList(from - 1, to).stream().map(Excerpt::cut).toList());
  }

  private static String cut(String line) {
    if (line.length() <= MOST) {
      return line;
    }
    int end = Character.isHighSurrogate(line.charAt(MOST - 1)) ? MOST - 1 : MOST;
    return line.substring(0, end) + "…";
  }
}
