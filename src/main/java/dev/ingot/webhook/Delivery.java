package dev.ingot.webhook;

import dev.ingot.project.ProjectName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that a webhook is to hear of.
 *
 * @param id the same in every attempt, so that who hears it twice can tell
 * @param webhook its id
 * @param body JSON
 * @param attempts that have failed
 * @param nextAt when it is tried next
 * @param error why the last attempt failed
 */
public record Delivery(
    String id,
    ProjectName project,
    String webhook,
    String body,
    Instant createdAt,
    int attempts,
    Instant nextAt,
    @Nullable String error) {}
