@NullMarked
package dev.ingot.access;

import org.jspecify.annotations.NullMarked;
