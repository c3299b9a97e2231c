/** Tests of the server as a whole. */
@NullMarked
package dev.ingot;

import org.jspecify.annotations.NullMarked;
