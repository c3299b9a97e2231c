/** Tests of the threads. */
@NullMarked
package dev.ingot.threads;

import org.jspecify.annotations.NullMarked;
