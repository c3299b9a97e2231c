package dev.ingot.materialization;

import dev.ingot.manifest.Turn;
import dev.ingot.project.PackageKey;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The turns of several packages of one project. Whoever takes them is in a change of that project
 * ({@link ProjectChanges}), so that no two wait for each other.
 */
final class SeveralTurns {

  private SeveralTurns() {}

  /** How one is taken. */
  interface Taking<T> {
    T take(PackageKey key, Function<Turn, T> work);
  }

  /** Does something while it has all of them. */
  static <T> T take(List<PackageKey> keys, Taking<T> taking, Function<List<Turn>, T> work) {
    return take(keys, List.of(), taking, work);
  }

  private static <T> T take(
      List<PackageKey> keys, List<Turn> taken, Taking<T> taking, Function<List<Turn>, T> work) {
    if (keys.isEmpty()) {
      return work.apply(taken);
    }
    return taking.take(
        keys.getFirst(),
        turn -> {
          List<Turn> more = Stream.concat(taken.stream(), Stream.of(turn)).toList();
          return take(keys.subList(1, keys.size()), more, taking, work);
        });
  }
}
