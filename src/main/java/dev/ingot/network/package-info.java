/** Which addresses belong to the public network. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.ingot.network;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
