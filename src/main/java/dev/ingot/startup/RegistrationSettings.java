package dev.ingot.startup;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is registered at each start.
 *
 * @param projects by name
 */
@ConfigurationProperties("ingot")
public record RegistrationSettings(@DefaultValue Map<String, ProjectSettings> projects) {

  /**
   * @param storage null keeps the storage that the project has
   * @param packages locations by name
   */
  public record ProjectSettings(
      @Nullable StorageSettings storage, @DefaultValue Map<String, String> packages) {}

  /** The place of a project's shared state and tables, as the API has it. */
  public record StorageSettings(@Nullable String catalogUrl, @Nullable String dataPath) {

    /** Without the password in the URL. */
    @Override
    public String toString() {
      return "storage at " + dataPath;
    }
  }
}
