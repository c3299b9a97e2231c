package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;

/**
 * The connection that every package has without declaring it; it may be given something to read.
 */
public final class ImplicitConnection {

  public static final String NAME = "duckdb";

  private ImplicitConnection() {}

  /**
   * @throws Fault INVALID_NAME when a connection of another kind would have its name
   */
  public static void requireName(ConnectionKey key, ConnectionSettings settings) {
    if (key.name().equalsIgnoreCase(NAME)
        && !(settings instanceof DuckDbGrants && key.name().equals(NAME))) {
      throw new Fault(
          FaultCode.INVALID_NAME,
          "Each package has the connection '%s' without declaring it: choose another name"
              .formatted(NAME));
    }
  }
}
