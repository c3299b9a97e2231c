/** Figures of speed and memory, printed and never asserted: {@code ./mvnw -Pbench verify}. */
@NullMarked
package dev.ingot.bench;

import org.jspecify.annotations.NullMarked;
