package dev.ingot.materialization;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the server ends.
 *
 * @param shutdownGrace for requests to be answered and runs to clean up, at the same time; what
 *     still runs then is cancelled. Spring's phases have the same limit (application.yaml)
 */
@ConfigurationProperties("ingot")
record ShutdownSettings(@DefaultValue("10s") Duration shutdownGrace) {}
