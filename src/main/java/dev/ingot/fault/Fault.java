package dev.ingot.fault;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A failure with a meaning for the caller. Its message says what, where and how to mend it. */
public class Fault extends RuntimeException {

  private final FaultCode code;
  private final transient List<Problem> problems;

  public Fault(FaultCode code, String message) {
    this(code, message, List.of(), null);
  }

  public Fault(FaultCode code, String message, List<Problem> problems) {
    this(code, message, problems, null);
  }

  public Fault(FaultCode code, String message, @Nullable Throwable cause) {
    this(code, message, List.of(), cause);
  }

  private Fault(FaultCode code, String message, List<Problem> problems, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.problems = List.copyOf(problems);
  }

  public FaultCode code() {
    return code;
  }

  public List<Problem> problems() {
    return problems;
  }

  /** The message that is always there, unlike {@link #getMessage()}'s type says. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
