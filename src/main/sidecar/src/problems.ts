import { MalloyError } from '@malloydata/malloy';
import type { DocumentLocation, LogMessage } from '@malloydata/malloy';
import { modelOfLocation, withoutUrls } from './model-url';
import type { Position, Problem, Severity } from './protocol';
import { messageOf } from './rpc';

const SEVERITIES: Record<LogMessage['severity'], Severity> = {
  error: 'error',
  warn: 'warn',
  debug: 'info',
};

/** Malloy counts lines and columns from 0. */
export function positionOf(location: DocumentLocation | undefined): Position {
  if (location === undefined) return { line: null, column: null };
  const { line, character } = location.range.start;
  return { line: line + 1, column: character + 1 };
}

/** @param model where a message without a location belongs; null means the caller's text */
export function toProblem(log: LogMessage, model: string | null): Problem {
  return {
    message: withoutUrls(log.message),
    severity: SEVERITIES[log.severity],
    code: log.code,
    model: log.at === undefined ? model : modelOfLocation(log.at.url),
    ...positionOf(log.at),
  };
}

export function problem(
  severity: Severity,
  code: string,
  message: string,
  model: string | null,
  at?: DocumentLocation,
): Problem {
  return toProblem(
    { severity: severity === 'info' ? 'debug' : severity, code, message, ...(at && { at }) },
    model,
  );
}

/**
 * What a throw of Malloy's says about the text that it compiled; undefined for anything else.
 * Its SQL compiler throws an error that is not exported: an Error with `code` and `at`.
 */
export function problemsOfError(error: unknown, model: string | null): Problem[] | undefined {
  if (error instanceof MalloyError) {
    if (error.problems.length > 0) return unique(error.problems.map((p) => toProblem(p, model)));
    return [problem('error', 'not-compiled', error.message, model)];
  }
  if (
    error instanceof Error &&
    'code' in error &&
    'at' in error &&
    typeof error.code === 'string'
  ) {
    const at = error.at as DocumentLocation | undefined;
    return [
      problem('error', error.code, messageOfCompiler(error.code, messageOf(error)), model, at),
    ];
  }
  return undefined;
}

const GIVEN_WITHOUT_VALUE = new Set([
  'compiler-given-no-value',
  'runtime-given-unsatisfied-inline',
]);

/** Malloy's hint for givens is about its own API. */
function messageOfCompiler(code: string, message: string): string {
  const given = GIVEN_WITHOUT_VALUE.has(code) ? /'([^']+)'/.exec(message)?.[1] : undefined;
  return given === undefined ? message : withoutValue(given);
}

/** Whether Malloy threw it for a given that has neither value nor default. */
export function isWithoutValue(error: unknown): boolean {
  return error instanceof Error && 'code' in error && GIVEN_WITHOUT_VALUE.has(String(error.code));
}

/** What is to be done about a given without a value. */
export function withoutValue(given: string): string {
  return (
    `The given "${given}" has no value and no default. Give it one with the query, ` +
    `"givens": {"${given}": …}, or write a default where it is declared: ` +
    `given: ${given} :: type is value`
  );
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((p) => p.severity === 'error');
}

/** The problems in their order, each once. */
export function unique(problems: Iterable<Problem>): Problem[] {
  const seen = new Map<string, Problem>();
  for (const p of problems) {
    const key = JSON.stringify([p.model, p.line, p.column, p.severity, p.code, p.message]);
    if (!seen.has(key)) seen.set(key, p);
  }
  return [...seen.values()];
}

/** One line for the error's message; the whole is in its problems. */
export function summary(problems: readonly Problem[]): string {
  const errors = problems.filter((p) => p.severity === 'error');
  const first = errors[0] ?? problems[0];
  if (first === undefined) return 'It does not compile.';
  const place = [first.model, first.line, first.column].filter((part) => part !== null).join(':');
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${place === '' ? '' : `${place}: `}${first.message}${more}`;
}
