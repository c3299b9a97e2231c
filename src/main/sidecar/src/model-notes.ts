import { Annotations, isSourceDef } from '@malloydata/malloy';
import type { DocumentLocation, Model } from '@malloydata/malloy';
import { modelOfLocation } from './model-url';

type Definition = ConstructorParameters<typeof Annotations>[0];
type Note = NonNullable<NonNullable<Definition>['notes']>[number];

/** An annotation as it stands in a model's file. */
export interface WrittenNote {
  readonly note: Note;
  readonly route: string;
  readonly text: string;
  readonly at: DocumentLocation;
  /** What it stands before: a source or named query, a part of a source, a `run:`, or `##`. */
  readonly holder: 'declaration' | 'field' | 'run' | 'model';
  /** Whether what it stands before has `#@ persist`, be it by another annotation. */
  persisted(): boolean;
}

/**
 * The annotations that are written in a model's own file, each once, however many definitions they
 * come to by `extend` and joins.
 */
export function notesOf(model: Model, path: string): WrittenNote[] {
  const found = new Map<string, WrittenNote>();
  const add = (annotations: Definition, holder: WrittenNote['holder']): void => {
    if (annotations === undefined) return;
    const here = rawNotes(annotations).filter(({ at }) => modelOfLocation(at.url) === path);
    if (here.length === 0) return;
    const persisted = (): boolean =>
      new Annotations(annotations).parseAsTag('@').tag.has('persist');
    for (const note of here) {
      const { line, character } = note.at.range.start;
      const [routed] = new Annotations({ notes: [note] }).forRoute();
      const key = `${line}:${character}`;
      if (routed === undefined || found.has(key)) continue;
      const { route, text } = routed;
      found.set(key, { note, route, text, at: note.at, holder, persisted });
    }
  };
  const { contents, queryList, modelAnnotations, modelID } = model._modelDef;
  const declarations = Object.values(contents);
  add(modelAnnotations[modelID]?.ownNotes, 'model');
  for (const declaration of declarations) {
    if ('annotations' in declaration) add(declaration.annotations, 'declaration');
  }
  for (const query of queryList) add(query.annotations, 'run');
  // After the declarations: a join has the annotations of what it joins.
  for (const declaration of declarations) {
    if (!isSourceDef(declaration)) continue;
    for (const field of declaration.fields) add(field.annotations, 'field');
  }
  return [...found.values()].sort(inOrder);
}

function inOrder(one: WrittenNote, other: WrittenNote): number {
  const [a, b] = [one.at.range.start, other.at.range.start];
  return a.line - b.line || a.character - b.character;
}

/** Inherited ones first. */
function rawNotes(annotations: NonNullable<Definition>): Note[] {
  const { inherits, blockNotes = [], notes = [] } = annotations;
  return [...(inherits === undefined ? [] : rawNotes(inherits)), ...blockNotes, ...notes];
}
