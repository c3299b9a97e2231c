/** Tests of what is said of errors. */
@NullMarked
package dev.ingot.fault;

import org.jspecify.annotations.NullMarked;
