/** Buckets and sites: who may reach which of them over HTTP, and how what lies there is now. */
@NamedInterface("elsewhere")
@NullMarked
package dev.ingot.engine.elsewhere;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
