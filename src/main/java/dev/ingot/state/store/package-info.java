/** The stores that the rooms declare, the same on the state file and on a catalog. */
@ApplicationModule(
    allowedDependencies = {
      "fault",
      "project",
      "access",
      "engine",
      "manifest",
      "plan",
      "materialization",
      "idempotency",
      "outbox",
      "lineage",
      "webhook",
      "state",
      "state.file"
    })
@NullMarked
package dev.ingot.state.store;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
