package dev.ingot.access;

import org.springframework.stereotype.Component;

/** Whether this server asks who is there. It doesn't until somebody says who may ask. */
@Component
public class Access {

  private final AccessSettings settings;
  private final ApiKeys keys;

  Access(AccessSettings settings, ApiKeys keys) {
    this.settings = settings;
    this.keys = keys;
  }

  /** Once it is true, it is so until the server ends. */
  public boolean isAsked() {
    return settings.isConfigured() || !keys.isEmpty();
  }
}
