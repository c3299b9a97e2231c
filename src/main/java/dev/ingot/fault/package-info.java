/** What can go wrong, as one enum that knows its HTTP status, and the exception that carries it. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.ingot.fault;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
