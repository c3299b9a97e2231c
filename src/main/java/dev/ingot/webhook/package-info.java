/** Tells those who want to know of builds, until they have heard. */
@ApplicationModule(
    allowedDependencies = {
      "fault",
      "network",
      "project",
      "materialization",
      "threads",
      "telemetry"
    })
@NullMarked
package dev.ingot.webhook;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
