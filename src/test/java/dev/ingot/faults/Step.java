package dev.ingot.faults;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment of a run: before or after the n-th call of a method of one of its seams. Written as
 * {@code Engine.build#2:after}.
 */
record Step(String method, int nth, boolean after) {

  private static final Pattern FORM = Pattern.compile("(.+)#(\\d+):(before|after)");

  static Step parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a step: " + text);
    }
    return new Step(
        parts.group(1), Integer.parseInt(parts.group(2)), parts.group(3).equals("after"));
  }

  @Override
  public String toString() {
    return method + "#" + nth + (after ? ":after" : ":before");
  }
}
