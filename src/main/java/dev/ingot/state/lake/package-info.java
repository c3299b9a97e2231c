/** The DuckLake of a shared project: entries of its versions, and its tables' files. */
@ApplicationModule(
    allowedDependencies = {"fault", "project", "engine", "engine :: duckdb", "state", "threads"})
@NullMarked
package dev.ingot.state.lake;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
