package dev.ingot.fault;

import java.util.regex.Pattern;

/** What somebody sent, for a message that repeats it. */
public final class Printable {

  private static final int MOST = 80;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private Printable() {}

  /** On one line, and no longer than anybody would read. */
  public static String of(String text) {
    String cut = text.length() > MOST ? text.substring(0, MOST) + "…" : text;
    return CONTROL.matcher(cut).replaceAll("?");
  }
}
