package dev.ingot.materialization;

/** The outcome of trying to start a materialization. */
public sealed interface Claim {

  /** It is RUNNING now, and nothing else of its package is. */
  record Granted(Materialization run) implements Claim {}

  /** It isn't PENDING. */
  record WrongState(MaterializationStatus status) implements Claim {}

  /** Another one of the package is RUNNING. */
  record Busy(String runId) implements Claim {}

  /** There is none. */
  record Unknown() implements Claim {}
}
