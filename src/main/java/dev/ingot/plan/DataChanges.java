package dev.ingot.plan;

import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of the data that generations were built from is otherwise now; each thing is looked at once.
 */
final class DataChanges {

  private final LoadedPackage content;
  private final boolean ignored;
  private final Map<List<String>, Optional<String>> seen = new HashMap<>();

  /**
   * @param ignored it is as it was, whatever it is
   */
  DataChanges(LoadedPackage content, boolean ignored) {
    this.content = content;
    this.ignored = ignored;
  }

  /** Only of one that was built on a connection that there is. */
  List<String> of(Generation generation) {
    if (ignored) {
      return List.of();
    }
    var changes = new ArrayList<String>();
    generation
        .data()
        .forEach((name, recorded) ->
            seen.computeIfAbsent(
                    List.of(generation.connection(), name, recorded),
                    what -> content.dataChange(generation.connection(), name, recorded))
                .ifPresent(changes::add));
    return changes;
  }
}
