package dev.ingot.materialization;

/** What became of one target in a run. */
public enum TargetStatus {
  PENDING,
  RUNNING,
  BUILT,
  REUSED,
  FAILED,
  SKIPPED,
  CANCELLED;

  public boolean isTerminal() {
    return switch (this) {
      case PENDING, RUNNING -> false;
      case BUILT, REUSED, FAILED, SKIPPED, CANCELLED -> true;
    };
  }
}
