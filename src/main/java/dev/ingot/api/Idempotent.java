package dev.ingot.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A handler whose request is carried out once, however often it is sent with one {@code
 * Idempotency-Key}. Its answers are small, as they are kept.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Idempotent {}
