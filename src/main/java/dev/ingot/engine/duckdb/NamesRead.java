package dev.ingot.engine.duckdb;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The names of all that a SELECT reads, as they are written in it.
 *
 * @param tables by their parts; a file may be named in this way, too
 * @param files that readers are called with
 */
record NamesRead(Set<List<String>> tables, Set<String> files) {

  /**
   * Of what DuckDB makes no tree of, none.
   *
   * @throws tools.jackson.core.exc.StreamConstraintsException when it is nested too deeply
   */
  static NamesRead in(DuckDbDatabase database, String select) {
    var names = new NamesRead(new LinkedHashSet<>(), new LinkedHashSet<>());
    var local = new HashSet<String>();
    SyntaxTree.of(database, select).forEach(node -> names.collect(node, local));
    names.tables.removeIf(
        parts -> parts.size() == 1 && local.contains(parts.getFirst().toLowerCase(Locale.ROOT)));
    return names;
  }

  /**
   * @param local names of WITH, which hide the tables of these names
   */
  private void collect(JsonNode node, Set<String> local) {
    for (JsonNode entry : node.path("cte_map").path("map")) {
      local.add(entry.path("key").asString("").toLowerCase(Locale.ROOT));
    }
    switch (node.path("type").asString("")) {
      case "BASE_TABLE" -> {
        List<String> parts = SyntaxTree.name(node);
        if (!parts.isEmpty()) {
          tables.add(parts);
        }
      }
      case "TABLE_FUNCTION" -> {
        JsonNode function = node.path("function");
        String name = function.path("function_name").asString("").toLowerCase(Locale.ROOT);
        if (ReadsElsewhere.READERS.contains(name)) {
          SyntaxTree.files(function).stream()
              .filter(SyntaxTree::isConstant)
              .forEach(file -> files.add(SyntaxTree.text(file)));
        }
      }
      default -> {
        // Nothing that reads.
      }
    }
  }
}
