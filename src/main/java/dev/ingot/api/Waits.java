package dev.ingot.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A handler that answers at the end of a build when its client prefers to wait for that. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Waits {

  /** The status of the answer that was waited for. */
  String status();

  /** When it does; always, where it is empty. */
  String when() default "";
}
