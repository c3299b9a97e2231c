package dev.ingot.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Who may use an operation. Each has one: without it the server doesn't start. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Allowed {

  Rule value();

  /** In the order of what they ask for. */
  enum Rule {
    /** Also those who don't say who they are. */
    EVERYBODY,
    /** Whoever is known; what they may not see isn't shown. */
    CALLERS,
    /** Who has this role, or one that includes it, in the project of the path. */
    READ,
    QUERY,
    BUILD,
    ADMIN,
    /** Admins of any project. */
    ADMIN_SOMEWHERE,
    /** Admins of all projects. */
    ADMIN_EVERYWHERE
  }
}
