/** Who asks, and what they may do: keys, tokens, roles, limits, and the record of what was done. */
@ApplicationModule(allowedDependencies = {"fault", "project", "threads"})
@NullMarked
package dev.ingot.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
