/** Tells of builds in the form of OpenLineage: what was built, and what it is made of. */
@ApplicationModule(
    allowedDependencies = {
      "fault",
      "project",
      "compile",
      "engine",
      "plan",
      "manifest",
      "materialization",
      "outbox"
    })
@NullMarked
package dev.ingot.lineage;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
