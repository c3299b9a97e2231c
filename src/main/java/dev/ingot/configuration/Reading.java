package dev.ingot.configuration;

import java.util.List;
import java.util.stream.Collectors;

/** What became of reading a file. */
public sealed interface Reading {

  /**
   * @param leftOut what the upstream system's files may have and Ingot doesn't act on
   */
  record Right(Declared declared, List<Mistake> leftOut) implements Reading {
    public Right {
      leftOut = List.copyOf(leftOut);
    }
  }

  /**
   * @param mistakes at least one
   */
  record Wrong(List<Mistake> mistakes) implements Reading {
    public Wrong {
      mistakes = List.copyOf(mistakes);
    }

    /** All of them, one a line. */
    String text() {
      return mistakes.stream().map(one -> "  " + one.text()).collect(Collectors.joining("\n"));
    }
  }
}
