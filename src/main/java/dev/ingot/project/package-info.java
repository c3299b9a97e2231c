/** Projects, the packages registered in them, and the folders that packages lie in. */
@ApplicationModule(allowedDependencies = {"fault", "threads"})
@NullMarked
package dev.ingot.project;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
