package dev.ingot.faults;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Starts of one package's runs, as a history of a compare-and-set register that holds the run that
 * is RUNNING, or nothing: an accepted start sets it from nothing to its run, a run's end sets it
 * back, and a refused start has seen it hold another.
 */
final class StartHistory {

  private final List<Start> starts;
  private final List<Start> accepted;

  /**
   * @param said {@code 202}, or the status and the problem's code
   */
  record Start(int worker, String id, Instant called, Instant returned, String said) {
    boolean accepted() {
      return said.equals("202");
    }
  }

  StartHistory(List<Start> starts) {
    this.starts = List.copyOf(starts);
    accepted =
        starts.stream()
            .filter(Start::accepted)
            .sorted(Comparator.comparing(Start::returned))
            .toList();
  }

  List<Start> accepted() {
    return accepted;
  }

  /** How often each refusal was seen. */
  Map<String, Integer> refusals() {
    var refusals = new TreeMap<String, Integer>();
    starts.stream()
        .filter(start -> !start.accepted())
        .forEach(start -> refusals.merge(start.said(), 1, Integer::sum));
    return refusals;
  }

  /**
   * What no such register does.
   *
   * @param run what is on record of a run after all of it
   */
  List<String> violations(Function<String, JsonNode> run, List<String> ids) {
    var found = new ArrayList<String>();
    var claims = new HashMap<String, Start>();
    for (Start start : accepted) {
      if (claims.put(start.id(), start) != null) {
        found.add("accepted twice: " + start);
      }
    }
    for (String id : ids) {
      String status = run.apply(id).path("status").asString();
      if (!status.equals(claims.containsKey(id) ? "SUCCESS" : "PENDING")) {
        found.add("%s is %s, and was %s".formatted(id, status, claims.get(id)));
      }
    }
    for (int i = 1; i < accepted.size(); i++) {
      // A publication writes down when it began, and the run was still RUNNING then.
      Start before = accepted.get(i - 1);
      Instant still = Instant.parse(run.apply(before.id()).path("completedAt").asString());
      if (accepted.get(i).returned().isBefore(still)) {
        found.add("RUNNING at once: %s until %s, %s".formatted(before, still, accepted.get(i)));
      }
    }
    starts.stream()
        .filter(start -> !start.accepted() && !isRight(start, claims.get(start.id())))
        .forEach(start -> found.add("refused for nothing: " + start));
    return found;
  }

  private boolean isRight(Start refused, @Nullable Start claim) {
    return switch (refused.said()) {
      case "409 illegal_state" -> claim != null && !claim.called().isAfter(refused.returned());
      case "409 another_running" -> mayHaveSeenAnother(refused);
      default -> false;
    };
  }

  /** One that may have had the package at some time between the call and its return. */
  private boolean mayHaveSeenAnother(Start refused) {
    for (int i = 0; i < accepted.size(); i++) {
      boolean begun = !accepted.get(i).called().isAfter(refused.returned());
      // It has ended for sure when the next one was accepted.
      boolean over =
          i + 1 < accepted.size() && accepted.get(i + 1).returned().isBefore(refused.called());
      if (begun && !over) {
        return true;
      }
    }
    return false;
  }
}
