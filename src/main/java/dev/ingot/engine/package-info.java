/** The databases that tables are built in and queries run on, behind one small SPI. */
@ApplicationModule(allowedDependencies = {"fault", "network", "project", "threads", "telemetry"})
@NullMarked
package dev.ingot.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
