package dev.ingot.configuration;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * @param config the file that says which projects there are; null or empty for none
 */
@ConfigurationProperties("ingot")
record ConfigurationSettings(@Nullable String config) {

  // Text, because Spring would look for a Path among the web application's resources first.

  /** Absolute, from the working directory. */
  Optional<Path> file() {
    return config == null || config.isBlank()
        ? Optional.empty()
        : Optional.of(Path.of(config).toAbsolutePath());
  }
}
