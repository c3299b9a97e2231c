/** Generations, manifest versions, and the package that this process answers queries with. */
@ApplicationModule(allowedDependencies = {"fault", "project", "compile", "engine", "threads"})
@NullMarked
package dev.ingot.manifest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
