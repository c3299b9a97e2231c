/** What the settings and the file name, made or brought up to date at each start. */
@ApplicationModule(
    allowedDependencies = {
      "fault",
      "project",
      "configuration",
      "engine",
      "materialization",
      "sample",
      "threads"
    })
@NullMarked
package dev.ingot.startup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
