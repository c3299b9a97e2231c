/** Runs that are stopped, killed and raced at each of their steps, and packages of any shape. */
@NullMarked
package dev.ingot.faults;

import org.jspecify.annotations.NullMarked;
