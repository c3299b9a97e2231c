package dev.ingot.lineage;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who is told of builds in the form of OpenLineage; nobody, unless there is a URL or a file.
 *
 * @param url that events are posted to
 * @param apiKey sent with each as a bearer's token
 * @param apiKeyFile a file that has it
 * @param timeout for an event to be taken
 * @param file that each event is a line of; a name without a folder is one in the home
 * @param namespace of the jobs
 * @param firstRetry how long after an attempt that failed the next one comes; each comes twice as
 *     long after the one before, up to an hour
 * @param giveUpAfter how long an event is kept that isn't taken
 */
@ConfigurationProperties("ingot.lineage")
public record LineageSettings(
    @Nullable String url,
    @Nullable String apiKey,
    @Nullable String apiKeyFile,
    @DefaultValue("5s") Duration timeout,
    @Nullable String file,
    @DefaultValue("ingot") String namespace,
    @DefaultValue("5s") Duration firstRetry,
    @DefaultValue("3d") Duration giveUpAfter) {

  /** Without the key, and without what may be one in the URL. */
  @Override
  public String toString() {
    return "ingot.lineage.url %s, ingot.lineage.api-key %s, ingot.lineage.api-key-file %s, ingot.lineage.file %s"
        .formatted(
            url == null ? "not set" : "set", apiKey == null ? "not set" : "set", apiKeyFile, file);
  }
}
