package dev.ingot.webhook;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may be told of builds, and how often that is tried.
 *
 * @param allowedHosts names, {@code *.} and a name for all hosts below it, and addresses or their
 *     ranges, which alone may be private
 * @param firstRetry how long after an attempt that failed the next one comes; each comes twice as
 *     long after the one before, up to an hour
 * @param giveUpAfter how long an event is kept for who doesn't answer
 */
@ConfigurationProperties("ingot.webhooks")
public record WebhookSettings(
    @DefaultValue List<String> allowedHosts,
    @DefaultValue("5s") Duration firstRetry,
    @DefaultValue("3d") Duration giveUpAfter) {}
