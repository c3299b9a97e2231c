import { Annotations } from '@malloydata/malloy';
import type { DocumentLocation, Model, PreparedQuery } from '@malloydata/malloy';
import { Failure } from './failure';
import { problem, unique } from './problems';
import { sourcesWithin } from './source-walk';

const gated = new WeakMap<Model, boolean>();
const atTopOf = new WeakMap<Model, DocumentLocation[]>();

export interface Gate {
  readonly name: string;
  /** Where the annotation stands. */
  readonly at: DocumentLocation | undefined;
}

/** `#(authorize)`, and what was meant to be it: `#authorize`, `# (Authorize)`, `#[authorise]`. */
const GATE = /^##?\|?\s*[([{<]?\s*authori[sz]e\b/i;

/**
 * What `#(authorize)` restricts of the sources that a definition is made of, joins included. So does
 * one that stands before a part of them, or is misspelt: it was meant to. At the top of a file it
 * restricts all of the file, and all of those that import it, which may have made other sources of
 * its own.
 */
export function gatesWithin(root: object, model: Model): Gate[] {
  const atTop = gatesAtTop(model);
  return [...sourcesWithin(root, model._modelDef.contents)].flatMap((source) =>
    [
      ...gatesIn(source.annotations),
      ...source.fields.flatMap((field) => gatesIn(field.annotations)),
      ...atTop,
    ].map((at) => ({ name: source.as ?? source.name, at })),
  );
}

function gatesAtTop(model: Model): DocumentLocation[] {
  const known = atTopOf.get(model);
  if (known !== undefined) return known;
  const annotations = Object.values(model._modelDef.modelAnnotations);
  const found = annotations.flatMap(({ ownNotes }) => gatesIn(ownNotes));
  atTopOf.set(model, found);
  return found;
}

function gatesIn(annotations: ConstructorParameters<typeof Annotations>[0]): DocumentLocation[] {
  const notes = new Annotations(annotations).forRoute();
  return notes.filter(({ text }) => GATE.test(text)).map(({ at }) => at);
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
  const gates = gatesWithin(query._query, query.model);
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
  const found = gatesWithin(model._modelDef.contents, model).length > 0;
  gated.set(model, found);
  return found;
}
