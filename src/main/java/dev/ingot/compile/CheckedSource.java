package dev.ingot.compile;

import dev.ingot.fault.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of compiling a caller's text on top of a model.
 *
 * @param gated whether it is made of what only some callers may read
 */
public record CheckedSource(
    String status, boolean gated, List<Problem> problems, @Nullable String sql) {}
