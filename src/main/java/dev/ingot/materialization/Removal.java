package dev.ingot.materialization;

import dev.ingot.project.Project;
import org.jspecify.annotations.Nullable;

/**
 * How a package or project is removed.
 *
 * @param dropTables with the views and tables that Ingot made; otherwise they stay: as somebody
 *     else's, or in a shared project, as the other servers'. Null is true in a project of this
 *     server's own and false in a shared one, which others still serve
 * @param stop stops a run that is RUNNING; otherwise it keeps the package from being removed
 */
public record Removal(@Nullable Boolean dropTables, boolean stop) {

  boolean drops(Project project) {
    return dropTables == null ? !project.isShared() : dropTables;
  }

  /** Whether only this server lets go of it. */
  boolean leaves(Project project) {
    return project.isShared() && !drops(project);
  }
}
