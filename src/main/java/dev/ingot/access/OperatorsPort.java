package dev.ingot.access;

import org.springframework.core.env.Environment;

/** The port that metrics are scraped at, beside the one of the API. */
public final class OperatorsPort {

  private OperatorsPort() {}

  /** Whether there is to be one. */
  public static boolean isWanted(Environment environment) {
    return environment.getProperty("management.server.port", Integer.class, -1) >= 0;
  }
}
