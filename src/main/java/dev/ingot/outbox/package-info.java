/** Tells who wants to know of builds what lies in the outbox, until they have heard. */
@ApplicationModule(
    allowedDependencies = {"fault", "project", "materialization", "telemetry", "threads"})
@NullMarked
package dev.ingot.outbox;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
