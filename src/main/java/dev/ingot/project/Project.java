package dev.ingot.project;

import java.time.Instant;

/** A namespace of packages and connections. */
public record Project(ProjectName name, Instant createdAt) {}
