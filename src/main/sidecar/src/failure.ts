import type { FailureKind, Problem } from './protocol';

/** A request that has an answer for its caller, and the answer is no. */
export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
  }
}

const NAMES_SHOWN = 20;

/** Says what is missing and what there is instead. */
export function notFound(what: string, name: string, known: Iterable<string>): Failure {
  const names = [...known];
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  const more = names.length > NAMES_SHOWN ? `, and ${names.length - NAMES_SHOWN} more` : '';
  const rest = names.length === 0 ? 'there is none' : `there is: ${shown}${more}`;
  return new Failure('not_found', `There is no ${what} "${name}"; ${rest}.`);
}
