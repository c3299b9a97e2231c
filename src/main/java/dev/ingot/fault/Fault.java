package dev.ingot.fault;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failure with a meaning for the caller. Its message says what, where and how to mend it. */
public class Fault extends RuntimeException {

  private final FaultCode code;
  private final transient List<Problem> problems;
  private final @Nullable Duration retryAfter;

  public Fault(FaultCode code, String message) {
    this(code, message, List.of(), null, null);
  }

  public Fault(FaultCode code, String message, List<Problem> problems) {
    this(code, message, problems, null, null);
  }

  public Fault(FaultCode code, String message, @Nullable Throwable cause) {
    this(code, message, List.of(), cause, null);
  }

  /**
   * @param retryAfter when another try is worth it
   */
  public Fault(FaultCode code, String message, Duration retryAfter) {
    this(code, message, List.of(), null, retryAfter);
  }

  private Fault(
      FaultCode code,
      String message,
      List<Problem> problems,
      @Nullable Throwable cause,
      @Nullable Duration retryAfter) {
    super(message, cause);
    this.code = code;
    this.problems = List.copyOf(problems);
    this.retryAfter = retryAfter;
  }

  public FaultCode code() {
    return code;
  }

  public List<Problem> problems() {
    return problems;
  }

  /** When another try is worth it; empty where nobody knows. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** The message that is always there, unlike {@link #getMessage()}'s type says. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
