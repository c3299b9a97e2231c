/** Builds of packages: their states, the run, and its publication. */
@ApplicationModule(
    allowedDependencies = {
      "fault",
      "project",
      "compile",
      "engine",
      "manifest",
      "plan",
      "threads",
      "telemetry"
    })
@NullMarked
package dev.ingot.materialization;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
