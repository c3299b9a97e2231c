/** PostgreSQL as an engine. */
@NamedInterface("postgres")
@NullMarked
package dev.ingot.engine.postgres;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
