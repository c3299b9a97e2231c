package dev.ingot.fault;

/** Something that keeps the server from starting, with what to do about it. */
public class StartupFailure extends RuntimeException {

  private final String action;

  public StartupFailure(String description, String action, Throwable cause) {
    super(description, cause);
    this.action = action;
  }

  public StartupFailure(String description, String action) {
    super(description);
    this.action = action;
  }

  /** How to mend it, in one sentence. */
  public String action() {
    return action;
  }
}
