package dev.ingot.testing;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a run says of its targets. */
public final class RunReport {

  private RunReport() {}

  /** Each target with its status and reason: {@code main.base BUILT NEW}. */
  public static List<String> what(JsonNode run) {
    return run.path("targets")
        .valueStream()
        .map(target ->
            "%s %s %s"
                .formatted(
                    target.path("tableName").asString(),
                    target.path("status").asString(),
                    target.path("reason").asString()))
        .toList();
  }

  /** Each target of a plan with its action and reason: {@code main.base BUILD NEW}. */
  public static List<String> planned(JsonNode plan) {
    return plan.path("targets")
        .valueStream()
        .map(target ->
            "%s %s %s"
                .formatted(
                    target.path("tableName").asString(),
                    target.path("action").asString(),
                    target.path("reason").asString()))
        .toList();
  }

  /** What a run did, in the words of a plan. */
  public static List<String> asPlanned(JsonNode run) {
    return what(run).stream()
        .map(line ->
            line.replace(" BUILT ", " BUILD ")
                .replace(" REUSED ", " REUSE ")
                .replace(" SKIPPED ", " LEAVE "))
        .toList();
  }

  /** The generation of a declared name. */
  public static String physical(JsonNode run, String table) {
    return PackageApi.target(run, table).path("physicalTable").asString();
  }
}
