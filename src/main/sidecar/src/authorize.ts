import { Annotations } from '@malloydata/malloy';
import type { DocumentLocation, Model, PreparedQuery } from '@malloydata/malloy';
import { Failure } from './failure';
import { problem, unique } from './problems';
import { sourcesWithin } from './source-walk';
import type { Contents } from './source-walk';

const gated = new WeakMap<Model, boolean>();

export interface Gate {
  readonly name: string;
  /** Where the annotation stands. */
  readonly at: DocumentLocation | undefined;
}

/** What `#(authorize)` restricts of the sources that a definition is made of, joins included. */
export function gatesWithin(root: object, contents: Contents): Gate[] {
  return [...sourcesWithin(root, contents)].flatMap((source) =>
    new Annotations(source.annotations)
      .forRoute('authorize')
      .map(({ at }) => ({ name: source.as ?? source.name, at })),
  );
}

/**
 * Nobody checks `#(authorize)` yet, so what it restricts is not answered at all. That a query may
 * leave a restricted join unused is not counted on.
 *
 * @param model the file's own, of which the query's is an extension
 * @throws Failure "gated"
 */
export function refuseGated(model: Model, query: PreparedQuery): void {
  if (!hasGates(model)) return;
  const gates = gatesWithin(query._query, query.model._modelDef.contents);
  if (gates.length === 0) return;
  const names = [...new Set(gates.map((gate) => gate.name))];
  const message =
    `The query's source is or joins what #(authorize) restricts: ${names.join(', ')}. ` +
    'That is not enforced yet, so such queries are not answered. Query a source without it.';
  throw new Failure(
    'gated',
    message,
    unique(gates.map(({ at }) => problem('error', 'authorize-gated', message, null, at))),
  );
}

/** Most packages have none, and then nothing of a query has to be looked at. */
function hasGates(model: Model): boolean {
  const known = gated.get(model);
  if (known !== undefined) return known;
  const { contents } = model._modelDef;
  const found = gatesWithin(contents, contents).length > 0;
  gated.set(model, found);
  return found;
}
