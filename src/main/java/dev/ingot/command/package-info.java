/** The command line: builds a package without a server that somebody has started, or by one. */
@ApplicationModule(allowedDependencies = {"fault", "project"})
@NullMarked
package dev.ingot.command;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
