/** Tests of what is kept. */
@NullMarked
package dev.ingot.manifest;

import org.jspecify.annotations.NullMarked;
