/** What requests say of projects, packages and connections, field for field, and its reading. */
@ApplicationModule(allowedDependencies = {"fault", "project"})
@NullMarked
package dev.ingot.body;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
