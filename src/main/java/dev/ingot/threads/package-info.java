/** The threads of the server, and the order of the locks that they take. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.ingot.threads;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
