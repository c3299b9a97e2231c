package dev.ingot.materialization;

import org.jspecify.annotations.Nullable;

/** Something that changed of a run, in the order of its {@link #id}s. */
public sealed interface RunEvent {

  /** The id of a run's last event, whichever server tells of it. */
  String LAST = "end";

  /** What a client that was cut off names to get what came after it; null for what passes. */
  @Nullable String id();

  /** All that is so now; what was told before is void. */
  record State(String id, Materialization run) implements RunEvent {}

  /** What isn't about one target is otherwise now. */
  record Changed(String id, Materialization run) implements RunEvent {}

  /** A target is otherwise now. */
  record TargetChanged(String id, TargetReport target) implements RunEvent {}

  /**
   * How far a table is that is being built; the next is told soon.
   *
   * @param percent 0 to 100
   */
  record Progress(String buildId, double percent) implements RunEvent {

    @Override
    public @Nullable String id() {
      return null;
    }
  }

  /** The run has ended; nothing comes after it. */
  record Ended(Materialization run) implements RunEvent {

    @Override
    public String id() {
      return LAST;
    }
  }
}
