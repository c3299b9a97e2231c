/** Platform threads for calls that would hold a virtual thread's carrier. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.ingot.threads;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
