/** The stores that the rooms declare, kept in DuckDB. */
@ApplicationModule(
    allowedDependencies = {
      "fault",
      "project",
      "engine",
      "engine :: duckdb",
      "manifest",
      "plan",
      "materialization"
    })
@NullMarked
package dev.ingot.state;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
