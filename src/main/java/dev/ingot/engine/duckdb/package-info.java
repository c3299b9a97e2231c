/** DuckDB as an engine, and what there is to know of it for whoever else keeps data in it. */
@NamedInterface("duckdb")
@NullMarked
package dev.ingot.engine.duckdb;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
