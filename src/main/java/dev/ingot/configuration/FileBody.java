package dev.ingot.configuration;

import dev.ingot.body.ProjectRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The whole file, whose projects have the shape of a request's. */
record FileBody(
    @Nullable Boolean frozenConfig, @Nullable List<@Nullable ProjectRequest> projects) {}
