/** The project that a first start creates, so that there is something to build. */
@ApplicationModule(allowedDependencies = {"fault", "project", "manifest"})
@NullMarked
package dev.ingot.sample;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
