/** The projects and packages that the settings name, made or brought up to date at each start. */
@ApplicationModule(
    allowedDependencies = {"fault", "project", "engine", "materialization", "sample", "threads"})
@NullMarked
package dev.ingot.startup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
