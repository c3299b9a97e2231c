/** The state file, a DuckDB that one process has open, and this server's own state in it. */
@ApplicationModule(
    allowedDependencies = {"fault", "project", "engine", "engine :: duckdb", "state", "threads"})
@NullMarked
package dev.ingot.state.file;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
