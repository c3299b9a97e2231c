package dev.ingot.compile;

/** A column with its type as the database names it, such as {@code DECIMAL(18,3)}. */
public record Column(String name, String type) {}
