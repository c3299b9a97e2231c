package dev.ingot.materialization;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the janitor did after a run.
 *
 * @param dropped physical tables
 * @param errors why others, which nobody needs either, are still there
 */
public record Sweep(List<String> dropped, List<String> errors) {

  public static final Sweep NOTHING = new Sweep(List.of(), List.of());

  public Sweep {
    dropped = List.copyOf(dropped);
    errors = List.copyOf(errors);
  }

  /** The same with more that went wrong. */
  Sweep with(List<String> more) {
    return new Sweep(dropped, Stream.concat(more.stream(), errors.stream()).toList());
  }
}
