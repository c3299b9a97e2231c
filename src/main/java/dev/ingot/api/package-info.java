/** The HTTP surface; api-doc.yaml is its contract. */
@ApplicationModule(
    allowedDependencies = {
      "fault",
      "project",
      "body",
      "configuration",
      "compile",
      "engine",
      "manifest",
      "plan",
      "materialization",
      "idempotency",
      "query",
      "threads",
      "access",
      "outbox"
    })
@NullMarked
package dev.ingot.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
