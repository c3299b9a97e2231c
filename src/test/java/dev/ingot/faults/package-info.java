/** Runs that are stopped, killed and raced at each of their steps. */
@NullMarked
package dev.ingot.faults;

import org.jspecify.annotations.NullMarked;
