package dev.ingot.engine.elsewhere;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What lies elsewhere.
 *
 * @param privateHosts hosts of buckets and sites that may have private or link-local addresses
 */
@ConfigurationProperties("ingot.duckdb")
public record ElsewhereSettings(@DefaultValue List<String> privateHosts) {}
