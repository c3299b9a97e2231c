package dev.ingot.compile;

/**
 * A connection as the compiler knows it.
 *
 * @param digest what identifies the database; part of every BuildID, so without secrets, host paths
 *     or anything that differs between workers
 */
public record CompilerConnection(String name, String type, String digest) {}
