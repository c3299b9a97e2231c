/** What a build of a package would do: its targets, an action for each, and every problem. */
@ApplicationModule(allowedDependencies = {"fault", "project", "compile", "engine", "manifest"})
@NullMarked
package dev.ingot.plan;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
