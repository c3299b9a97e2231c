/** Tests of the parts of a run. */
@NullMarked
package dev.ingot.materialization;

import org.jspecify.annotations.NullMarked;
