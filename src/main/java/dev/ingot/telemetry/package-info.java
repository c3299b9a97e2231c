/**
 * What operators can watch: how often the server did what, how long it took, and how that came
 * about.
 */
@NullMarked
@ApplicationModule(allowedDependencies = "project")
package dev.ingot.telemetry;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
