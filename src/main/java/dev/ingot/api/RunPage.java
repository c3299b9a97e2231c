package dev.ingot.api;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.RunQuery;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which page of builds is asked for.
 *
 * @param after null for the first
 */
record RunPage(int limit, RunQuery.Filter filter, RunQuery.@Nullable Position after) {

  private static final int MOST = 1000;

  /**
   * @throws Fault BAD_REQUEST
   */
  static RunPage of(
      int limit,
      int offset,
      @Nullable String cursor,
      @Nullable List<String> statuses,
      @Nullable String createdAfter,
      @Nullable String createdBefore) {
    if (limit < 1 || limit > MOST || offset < 0) {
      throw bad("'limit' must be 1 to %d and 'offset' 0 or more".formatted(MOST));
    }
    if (cursor != null && offset > 0) {
      throw bad("Give either 'cursor' or 'offset', not both");
    }
    var filter =
        new RunQuery.Filter(
            statuses == null ? Set.of() : statuses(statuses),
            RunTimes.read("createdAfter", createdAfter),
            RunTimes.read("createdBefore", createdBefore));
    return new RunPage(limit, filter, cursor == null ? null : RunCursor.read(cursor));
  }

  private static Set<MaterializationStatus> statuses(List<String> words) {
    return words.stream().map(RunPage::status).collect(Collectors.toSet());
  }

  private static MaterializationStatus status(String word) {
    Set<MaterializationStatus> all = EnumSet.allOf(MaterializationStatus.class);
    return all.stream()
        .filter(status -> status.name().equals(word))
        .findFirst()
        .orElseThrow(
            () -> bad("Parameter 'status' must be one of %s, not '%s'".formatted(all, word)));
  }

  /** The parameters of the page that begins after this build. */
  String next(Materialization last) {
    var parameters = new StringBuilder("limit=").append(limit);
    parameters.append("&cursor=").append(RunCursor.of(last));
    filter.statuses().stream()
        .sorted()
        .forEach(status -> parameters.append("&status=").append(status));
    append(parameters, "createdAfter", filter.createdAfter());
    append(parameters, "createdBefore", filter.createdBefore());
    return parameters.toString();
  }

  private static void append(StringBuilder parameters, String name, @Nullable Instant instant) {
    if (instant != null) {
      parameters.append('&').append(name).append('=').append(instant);
    }
  }

  private static Fault bad(String message) {
    return new Fault(FaultCode.BAD_REQUEST, message);
  }
}
