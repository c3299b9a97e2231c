/** Tests of what the engines share. */
@NullMarked
package dev.ingot.engine;

import org.jspecify.annotations.NullMarked;
