/** Tests of the configuration. */
@NullMarked
package dev.ingot.configuration;

import org.jspecify.annotations.NullMarked;
