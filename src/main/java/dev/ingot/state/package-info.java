/** What stores need of the place where a project's state lies, and its tables. */
@ApplicationModule(allowedDependencies = {"fault", "project", "engine", "materialization"})
@NullMarked
package dev.ingot.state;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
