package dev.ingot.engine;

/** A column with its type as the database names it. */
public record EngineColumn(String name, String type) {}
