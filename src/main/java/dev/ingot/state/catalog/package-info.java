/** The PostgreSQL that servers share a project over: connections, leases, heartbeats, news. */
@ApplicationModule(
    allowedDependencies = {
      "fault",
      "project",
      "engine",
      "engine :: duckdb",
      "manifest",
      "materialization",
      "state",
      "state.file",
      "state.lake",
      "telemetry"
    })
@NullMarked
package dev.ingot.state.catalog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
