package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.faults.DagEdit.Blemish;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** That a plan says what the run after it does. */
final class PlanAgreement {

  private PlanAgreement() {}

  /** Asks for both, with the same selection. */
  static void check(DagPackage p, DagRequest request) {
    JsonNode before = p.api().manifest();
    JsonNode plan = p.api().plan(request.parameters(p.dag()));
    JsonNode run = p.build(request.body(p.dag()));
    JsonNode after = p.api().manifest();

    String status = run.path("status").asString();
    assertThat(plan.path("version").asLong(0)).isEqualTo(before.path("version").asLong(0));
    assertThat(did(run)).as(p::story).isEqualTo(said(plan));
    if (plan.path("refused").asBoolean()) {
      assertThat(status).as(p::story).isEqualTo("FAILED");
      assertThat(run.path("problems")).as(p::story).isEqualTo(plan.path("problems"));
    } else if (request.blemish() != Blemish.FAILING) {
      assertThat(status).as(p::story).isEqualTo(hasErrors(plan) ? "FAILED" : "SUCCESS");
    }
    if (status.equals("SUCCESS")) {
      assertThat(plan.path("removed").valueStream().map(JsonNode::asString))
          .as(p::story)
          .containsExactlyInAnyOrderElementsOf(gone(before, after));
    } else {
      assertThat(after).as(p::story).isEqualTo(before);
    }
  }

  /** A model that doesn't compile refuses nothing, but keeps a run from being whole. */
  private static boolean hasErrors(JsonNode plan) {
    return plan.path("problems")
        .valueStream()
        .anyMatch(problem -> problem.path("severity").asString().equals("error"));
  }

  /** Names that went with their tables; a table with another name isn't gone. */
  private static List<String> gone(JsonNode before, JsonNode after) {
    Set<String> names = names(after);
    return before
        .path("entries")
        .propertyStream()
        .filter(entry -> !after.path("entries").has(entry.getKey()))
        .map(entry -> entry.getValue().path("tableName").asString())
        .filter(name -> !names.contains(name))
        .toList();
  }

  private static Set<String> names(JsonNode manifest) {
    return manifest
        .path("entries")
        .valueStream()
        .map(entry -> entry.path("tableName").asString())
        .collect(Collectors.toSet());
  }

  private static List<String> said(JsonNode plan) {
    return plan.path("targets")
        .valueStream()
        .map(target -> line(target, target.path("action").asString()))
        .toList();
  }

  private static List<String> did(JsonNode run) {
    return run.path("targets")
        .valueStream()
        .filter(target -> !target.path("reason").asString().equals("UNPLANNED"))
        .map(target -> line(target, action(target)))
        .toList();
  }

  private static String line(JsonNode target, String action) {
    String reused = action.equals("REUSE") ? target.path("physicalTable").asString() : "";
    return "%s %s %s %s %s"
        .formatted(
            target.path("tableName").asString(),
            action,
            target.path("reason").asString(),
            target.path("buildId").asString(),
            reused);
  }

  /** One that failed, or was left out because another failed, was to be built. */
  private static String action(JsonNode target) {
    String status = target.path("status").asString();
    return switch (status) {
      case "REUSED" -> "REUSE";
      case "BUILT", "FAILED" -> "BUILD";
      case "SKIPPED" -> target.path("reason").asString().equals("NOT_SELECTED") ? "LEAVE" : "BUILD";
      default -> status;
    };
  }
}
