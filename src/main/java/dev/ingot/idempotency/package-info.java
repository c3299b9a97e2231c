/** Requests that may be sent again: what was asked under which key, and how it was answered. */
@ApplicationModule(allowedDependencies = {"threads"})
@NullMarked
package dev.ingot.idempotency;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
