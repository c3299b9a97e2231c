package dev.ingot.materialization;

import dev.ingot.fault.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a run, by one of the edges that lead to one (promise P5).
 *
 * @param from the state that it must be in
 * @param error null where nothing went wrong
 */
public record RunEnd(
    MaterializationStatus from,
    MaterializationStatus to,
    Instant at,
    @Nullable String error,
    List<Problem> problems) {

  /**
   * @throws IllegalArgumentException when no run ends in this way
   */
  public RunEnd {
    // RUNNING is taken by a claim alone, which takes the package with it.
    if (!from.mayBecome(to) || !to.isTerminal()) {
      throw new IllegalArgumentException("nothing ends by going from " + from + " to " + to);
    }
    problems = List.copyOf(problems);
  }

  /**
   * @param problems the compiler's warnings, perhaps
   */
  public static RunEnd success(Instant at, List<Problem> problems) {
    return new RunEnd(
        MaterializationStatus.RUNNING, MaterializationStatus.SUCCESS, at, null, problems);
  }

  public static RunEnd failed(Instant at, String error, List<Problem> problems) {
    return new RunEnd(
        MaterializationStatus.RUNNING, MaterializationStatus.FAILED, at, error, problems);
  }

  /**
   * @param from PENDING or RUNNING
   */
  public static RunEnd cancelled(MaterializationStatus from, Instant at, String why) {
    return new RunEnd(from, MaterializationStatus.CANCELLED, at, why, List.of());
  }
}
