package dev.ingot.compile;

import dev.ingot.fault.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcome of compiling a caller's text on top of a model. */
public record CheckedSource(String status, List<Problem> problems, @Nullable String sql) {}
