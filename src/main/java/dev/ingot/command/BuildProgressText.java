package dev.ingot.command;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Shows how far a build is: a bar on a terminal, and a line for each table that is done. */
final class BuildProgressText {

  private static final int WIDTH = 30;
  private static final Set<String> DONE =
      Set.of("BUILT", "REUSED", "FAILED", "SKIPPED", "CANCELLED");

  private final PrintStream out;
  private final boolean terminal;

  /** The status of each table, by BuildID, in the order of the plan. */
  private final Map<String, String> tables = new LinkedHashMap<>();

  private final Map<String, Double> percent = new HashMap<>();

  /**
   * @param terminal whether what is written can be overwritten
   */
  BuildProgressText(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * @param event as the API names it
   */
  void take(String event, JsonNode data) {
    switch (event) {
      case "state" -> data.path("targets").forEach(this::table);
      case "target" -> table(data);
      case "progress" ->
          percent.put(data.path("buildId").asString(), data.path("percent").asDouble());
      default -> {
        return;
      }
    }
    bar();
  }

  private void table(JsonNode target) {
    String status = target.path("status").asString();
    String before = tables.put(target.path("buildId").asString(), status);
    if (DONE.contains(status) && !status.equals(before)) {
      clear();
      out.println(line(status, target));
    }
  }

  private static String line(String status, JsonNode target) {
    var line = new StringBuilder("%-9s %s".formatted(status, target.path("tableName").asString()));
    if (target.path("rows").isNumber()) {
      line.append(", %d rows".formatted(target.path("rows").asLong()));
    }
    if (target.path("durationMs").isNumber()) {
      line.append(", %d ms".formatted(target.path("durationMs").asLong()));
    }
    if (target.path("error").isString()) {
      line.append(": ").append(target.path("error").asString());
    }
    return line.toString();
  }

  private void bar() {
    if (terminal && !tables.isEmpty()) {
      double done =
          tables.entrySet().stream()
              .mapToDouble(one ->
                  DONE.contains(one.getValue()) ? 1 : percent.getOrDefault(one.getKey(), 0.0) / 100)
              .sum();
      int full = (int) (WIDTH * done / tables.size());
      out.print(
          "\r[%s%s] %3.0f %% of %d tables"
              .formatted(
                  "#".repeat(full),
                  "-".repeat(WIDTH - full),
                  100 * done / tables.size(),
                  tables.size()));
      out.flush();
    }
  }

  /** Takes the bar away. */
  void clear() {
    if (terminal) {
      out.print("\r" + " ".repeat(WIDTH + 30) + "\r");
      out.flush();
    }
  }
}
