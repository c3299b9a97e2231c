package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.access.Role;
import dev.ingot.manifest.GatedTables;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.project.ProjectName;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Which tables a caller is told of: those that are gated only to who may build them. */
final class ShownTables {

  private ShownTables() {}

  static boolean all(Caller caller, ProjectName project) {
    return caller.may(Role.BUILD, project);
  }

  /**
   * By BuildID.
   *
   * @param content is asked for only where it matters
   */
  static Predicate<String> to(Caller caller, ProjectName project, Supplier<LoadedPackage> content) {
    return all(caller, project) ? buildId -> true : GatedTables.of(content.get()).negate();
  }
}
