package dev.ingot.configuration;

import dev.ingot.configuration.Mistake.Position;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The upstream system's own file, which is told by its name. */
final class Upstream {

  private static final String NAME = "publisher.config.json";
  private static final String PROJECTS = "projects";

  /** What newer ones call the projects. */
  private static final String ENVIRONMENTS = "environments";

  private Upstream() {}

  static boolean wrote(Path file) {
    return NAME.equals(String.valueOf(file.getFileName()));
  }

  /** With its projects under the name that Ingot has for them. */
  static Tree renamed(Tree tree) {
    ObjectNode root = tree.root();
    if (!root.has(ENVIRONMENTS) || root.has(PROJECTS)) {
      return tree;
    }
    root.set(PROJECTS, root.remove(ENVIRONMENTS));
    Map<String, Position> positions = new HashMap<>();
    tree.positions()
        .forEach((pointer, position) ->
            positions.put(pointer.replaceFirst("^/" + ENVIRONMENTS, "/" + PROJECTS), position));
    return new Tree(root, positions);
  }
}
