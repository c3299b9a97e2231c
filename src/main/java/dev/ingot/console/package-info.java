/**
 * The web console: its pages, which are made of {@code src/main/console}, and how browsers take
 * them.
 */
@NullMarked
@ApplicationModule(allowedDependencies = "access")
package dev.ingot.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
