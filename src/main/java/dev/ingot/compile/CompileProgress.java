package dev.ingot.compile;

/**
 * How far the compiler is with all of a package.
 *
 * @param models how many there are
 * @param sourcesPlanned persist sources whose SQL is worked out; one may be planned in several
 *     models
 */
public record CompileProgress(int models, int modelsCompiled, int sourcesPlanned) {}
