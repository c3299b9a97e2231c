package dev.ingot.project;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The key that secrets lie encrypted with. Without either, the home has one of its own.
 *
 * @param secretKey a text, or base64 of 32 bytes
 * @param secretKeyFile a file that has it
 */
@ConfigurationProperties("ingot")
public record SecretKeySettings(@Nullable String secretKey, @Nullable String secretKeyFile) {

  /** Without the key. */
  @Override
  public String toString() {
    return "ingot.secret-key %s, ingot.secret-key-file %s"
        .formatted(secretKey == null ? "not set" : "set", secretKeyFile);
  }
}
