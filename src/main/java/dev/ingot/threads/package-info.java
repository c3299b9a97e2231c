/** The server's threads: virtual ones for its work, platform ones for calls that hold a carrier. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.ingot.threads;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
