package dev.ingot.materialization;

/**
 * How far a run's plan is.
 *
 * @param models how many there are
 * @param sourcesPlanned persist sources whose SQL is worked out; one may be planned in several
 *     models
 */
public record PlanProgress(int models, int modelsCompiled, int sourcesPlanned) {}
