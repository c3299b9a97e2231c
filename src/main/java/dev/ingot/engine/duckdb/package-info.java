/** DuckDB as an engine: one hardened database file for each package. */
@NullMarked
package dev.ingot.engine.duckdb;

import org.jspecify.annotations.NullMarked;
