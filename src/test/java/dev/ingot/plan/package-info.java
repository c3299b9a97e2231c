/** Tests of plans. */
@NullMarked
package dev.ingot.plan;

import org.jspecify.annotations.NullMarked;
