/**
 * Ingot casts Malloy models into tables; each sub-package is a room with one sentence of its own.
 */
@NullMarked
package dev.ingot;

import org.jspecify.annotations.NullMarked;
