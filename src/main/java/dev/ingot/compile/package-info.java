/** Malloy's compiler: what Ingot asks of it, and the sidecar process that answers. */
@ApplicationModule(allowedDependencies = {"fault", "project", "threads", "telemetry"})
@NullMarked
package dev.ingot.compile;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
