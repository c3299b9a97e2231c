/** Malloy queries, answered from the served package. */
@ApplicationModule(
    allowedDependencies = {
      "fault",
      "project",
      "compile",
      "engine",
      "manifest",
      "threads",
      "telemetry"
    })
@NullMarked
package dev.ingot.query;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
