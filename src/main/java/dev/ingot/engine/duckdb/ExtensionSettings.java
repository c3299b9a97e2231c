package dev.ingot.engine.duckdb;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where DuckDB's extensions come from.
 *
 * @param extensionRepository a folder or a URL; null means DuckDB's own repository
 */
@ConfigurationProperties("ingot.duckdb")
public record ExtensionSettings(@Nullable String extensionRepository) {}
