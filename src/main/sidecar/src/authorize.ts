import { Annotations, isSourceDef } from '@malloydata/malloy';
import type { DocumentLocation, Model } from '@malloydata/malloy';
import { sourcesWithin } from './source-walk';

type Annotated = ConstructorParameters<typeof Annotations>[0];

const gated = new WeakMap<Model, boolean>();
const atTopOf = new WeakMap<Model, GateNote[]>();

interface GateNote {
  readonly text: string;
  readonly at: DocumentLocation;
}

/** An annotation that restricts a source, or what it is made of. */
export interface Gate extends GateNote {
  /** The source's. */
  readonly name: string;
  /** What the annotation stands before. */
  readonly holder: 'source' | 'field' | 'top';
}

/**
 * `#(authorize)` and `#(access_filter)`, and what was meant to be one: `#authorize`,
 * `# (Authorize)`, `#[authorise]`.
 */
const GATE = /^##?\|?\s*[([{<]?\s*(authori[sz]e|access[_-]?filters?)\b/i;

/**
 * The gates of the sources that a definition is made of, joins included. Where there are several,
 * all of them hold: an extension has those of its base, too, and adds its own. One that stands
 * before a part of a source, or is misspelt, is one: it was meant to. At the top of a file it
 * restricts all of the file, and all of those that import it, which may have made other sources of
 * its own.
 */
export function gatesWithin(root: object, model: Model): Gate[] {
  const atTop = gatesAtTop(model);
  return [...sourcesWithin(root, model._modelDef.contents)].flatMap((source) => {
    const name = source.as ?? source.name;
    const by = (holder: Gate['holder'], notes: readonly GateNote[]): Gate[] =>
      notes.map(({ text, at }) => ({ name, text, at, holder }));
    return [
      ...by('source', gateNotes(source.annotations)),
      ...source.fields.flatMap((field) =>
        // What is joined is a source of its own.
        isJoined(field) ? [] : by('field', gateNotes(field.annotations)),
      ),
      ...by('top', atTop),
    ];
  });
}

function isJoined(field: object): boolean {
  return isSourceDef(field as Parameters<typeof isSourceDef>[0]);
}

function gatesAtTop(model: Model): GateNote[] {
  const known = atTopOf.get(model);
  if (known !== undefined) return known;
  const annotations = Object.values(model._modelDef.modelAnnotations);
  const found = annotations.flatMap(({ ownNotes }) => gateNotes(ownNotes));
  atTopOf.set(model, found);
  return found;
}

/** Those that are inherited, too. */
export function gateNotes(annotations: Annotated): GateNote[] {
  const notes = new Annotations(annotations).forRoute();
  return notes.filter(({ text }) => GATE.test(text)).map(({ text, at }) => ({ text, at }));
}

/** Most packages have none, and then nothing of a query has to be looked at. */
export function hasGates(model: Model): boolean {
  const known = gated.get(model);
  if (known !== undefined) return known;
  const found = gatesWithin(model._modelDef.contents, model).length > 0;
  gated.set(model, found);
  return found;
}

export function positionKey({ url, range: { start } }: DocumentLocation): string {
  return `${start.line}:${start.character}:${url}`;
}
