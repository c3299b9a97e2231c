package dev.ingot.query;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param patience how long readiness waits at most until what is served is compiled
 */
@ConfigurationProperties("ingot.warm-up")
record WarmUpSettings(@DefaultValue("10s") Duration patience) {}
