package dev.ingot.query;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of one query, and what is kept for the next.
 *
 * @param timeout the longest that its statement may run
 * @param maxRows the most rows of a result
 * @param maxResultSize the longest result, in bytes of its JSON text
 * @param cacheSize the memory for answers of all packages together; 0 keeps none
 * @param compiledCacheSize the memory for compiled queries of all packages together; 0 keeps none
 */
@ConfigurationProperties("ingot.query")
record QuerySettings(
    @DefaultValue("60s") Duration timeout,
    @DefaultValue("100000") long maxRows,
    @DefaultValue("64MB") DataSize maxResultSize,
    @DefaultValue("32MB") DataSize cacheSize,
    @DefaultValue("32MB") DataSize compiledCacheSize) {}
