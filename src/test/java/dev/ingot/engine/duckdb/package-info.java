/** Tests of DuckDB as an engine. */
@NullMarked
package dev.ingot.engine.duckdb;

import org.jspecify.annotations.NullMarked;
