package dev.ingot.materialization;

import dev.ingot.fault.Problem;
import java.util.List;

/** How the work of a run ended. */
sealed interface RunOutcome {

  /** This version is on record, and served where that was asked for. */
  record Published(long version) implements RunOutcome {}

  /** What it would have published is what this version says. */
  record Unchanged(long version) implements RunOutcome {}

  /**
   * @param error the first of the problems, in words for a caller
   */
  record Failed(String error, List<Problem> problems) implements RunOutcome {

    public Failed {
      problems = List.copyOf(problems);
    }

    static Failed of(String code, String error) {
      return new Failed(error, List.of(Problem.error(code, error)));
    }

    /**
     * @param problems with at least one error among them
     */
    static Failed of(List<Problem> problems) {
      Problem first = problems.stream().filter(Problem::isError).findFirst().orElseThrow();
      return new Failed(first.text(), problems);
    }
  }

  /** It ended in the records before, by a stop or because it was another server's. */
  record Stopped(String why) implements RunOutcome {}
}
