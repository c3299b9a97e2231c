package dev.ingot.api;

import dev.ingot.fault.FaultCode;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What an operation may be refused with, beside what {@link RefusalDescription} finds by itself.
 * The tests' client looks for every refusal that it gets in the contract.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Refused {

  /** What it does that others do too. */
  Work[] work() default {};

  /** What it alone is refused with. */
  FaultCode[] value() default {};

  /** Each may fail in ways of its own. */
  enum Work {
    /** Registrations. */
    CHANGES,

    /** Where a project's state and tables are, and what they are on. */
    REACHES,

    /** A package, and its compiler. */
    LOADS,

    /** Text on top of a model. */
    COMPILES,

    /** Rows. */
    ANSWERS
  }
}
