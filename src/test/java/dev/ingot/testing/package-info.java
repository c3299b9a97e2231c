/** A real server, real packages and a plain HTTP client for tests. */
@NullMarked
package dev.ingot.testing;

import org.jspecify.annotations.NullMarked;
