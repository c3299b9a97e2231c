package dev.ingot.project;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What others see of this server.
 *
 * @param workerName null for the host's name
 */
@ConfigurationProperties("ingot")
public record WorkerSettings(@Nullable String workerName) {}
