import { Annotations } from '@malloydata/malloy';
import type { Model } from '@malloydata/malloy';
import type { GivenReport } from './protocol';

export type Declared = NonNullable<Model['_modelDef']['givens']>[string];
export type GivenType = Declared['type'];

const FILTER = { node: 'filterLiteral', filterSrc: '' } as const;

/** All givens that a model may read, by their ids: also those that it doesn't see itself. */
export function declaredGivens({ _modelDef: { givens } }: Model): ReadonlyMap<string, Declared> {
  return new Map(Object.entries(givens ?? {}));
}

/** The ids of those that a request may name, by the model's names for them. */
export function surfacedGivens(model: Model): ReadonlyMap<string, string> {
  return new Map([...model.givens].map(([name, { id }]) => [name, id]));
}

/** The givens of a model as clients are told of them. */
export function givensOf(model: Model): GivenReport[] {
  const declared = declaredGivens(model);
  return [...surfacedGivens(model)].flatMap(([name, id]) => {
    const given = declared.get(id);
    if (given === undefined) return [];
    const notes = new Annotations(given.annotations).forRoute();
    return [
      {
        name,
        declaredName: given.name,
        type: typeText(given.type),
        annotations: notes.map(({ text }) => text.trimEnd()),
        default: given.defaultText ?? null,
      },
    ];
  });
}

/** The same model, in which all givens have a value. */
export function withDefaults(model: Model['_modelDef']): Model['_modelDef'] {
  if (model.givens === undefined) return model;
  const givens = Object.entries(model.givens).map(([id, given]) => {
    const any = given.type.type === 'filter expression' ? FILTER : ({ node: 'null' } as const);
    return [id, { ...given, default: given.default ?? any }];
  });
  return { ...model, givens: Object.fromEntries(givens) as typeof model.givens };
}

/** A type as models write it. */
export function typeText(type: GivenType): string {
  switch (type.type) {
    case 'filter expression':
      return `filter<${type.filterType}>`;
    case 'array':
      return `${'fields' in type ? recordText(type.fields) : typeText(type.elementTypeDef)}[]`;
    case 'record':
      return recordText(type.fields);
    default:
      return type.type;
  }
}

function recordText(fields: readonly { readonly name: string }[]): string {
  const inside = fields.map(
    (field) => `${field.name} :: ${typeText(field as unknown as GivenType)}`,
  );
  return `{ ${inside.join(', ')} }`;
}
