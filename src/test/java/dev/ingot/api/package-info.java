/** Tests of what clients see of errors. */
@NullMarked
package dev.ingot.api;

import org.jspecify.annotations.NullMarked;
