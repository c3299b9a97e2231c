package dev.ingot.project;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a package may hold.
 *
 * @param modelSize the largest model file, in bytes
 * @param models the most model files
 * @param dataFiles the most data files
 */
@ConfigurationProperties("ingot.package")
public record PackageLimits(
    @DefaultValue("1MB") DataSize modelSize,
    @DefaultValue("1000") int models,
    @DefaultValue("10000") int dataFiles) {}
