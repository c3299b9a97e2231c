package dev.ingot.configuration;

import dev.ingot.configuration.Mistake.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that is wrong with a file, as far as somebody would read it, in the order of the text. */
final class Telling {

  private static final int MOST = 100;
  private static final Comparator<Mistake> ORDER =
      Comparator.comparing(
          Mistake::position,
          Comparator.nullsFirst(
              Comparator.comparingInt(Position::line).thenComparingInt(Position::column)));

  private final List<Mistake> mistakes = new ArrayList<>();
  private final List<Mistake> foreign = new ArrayList<>();

  void mistake(String pointer, @Nullable Position position, String message) {
    mistakes.add(new Mistake(pointer, position, message));
  }

  /** Tells what this version hasn't got: a mistake, unless the upstream system's file has it. */
  void foreign(String pointer, @Nullable Position position, String message) {
    foreign.add(new Mistake(pointer, position, message));
  }

  /** Whether so much is told that more would help nobody. */
  boolean isFull() {
    return mistakes.size() + foreign.size() >= MOST;
  }

  /** Whether there is a mistake, or one below it. */
  boolean isWrong(String pointer) {
    return mistakes.stream()
        .map(Mistake::pointer)
        .anyMatch(wrong -> wrong.equals(pointer) || wrong.startsWith(pointer + "/"));
  }

  List<Mistake> mistakes() {
    return sorted(mistakes.stream());
  }

  List<Mistake> foreign() {
    return sorted(foreign.stream());
  }

  List<Mistake> all() {
    return sorted(Stream.concat(mistakes.stream(), foreign.stream()));
  }

  private static List<Mistake> sorted(Stream<Mistake> told) {
    return told.sorted(ORDER).limit(MOST).toList();
  }
}
