/** Tests of the compiler's processes, with a fake one. */
@NullMarked
package dev.ingot.compile;

import org.jspecify.annotations.NullMarked;
