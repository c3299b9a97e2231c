/** Tells the webhooks of projects of builds. */
@ApplicationModule(allowedDependencies = {"fault", "network", "outbox", "project", "threads"})
@NullMarked
package dev.ingot.webhook;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
