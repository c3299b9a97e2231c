import type { DocumentLocation, Model, PreparedQuery } from '@malloydata/malloy';
import { modelOfLocation } from './model-url';
import type { QueryRef } from './protocol';

type Definition = NonNullable<Model['_modelDef']['references']>[number]['definition'];

/** A source or query of the package that a query names. */
export interface Named {
  readonly name: string;
  readonly kind: 'source' | 'query';
  readonly location: DocumentLocation | undefined;
  readonly annotations: Definition['annotations'];
}

/**
 * What a query names of the package itself: in a caller's text everything, be it to join, extend or
 * rename it; for a named query its own name. What the author's declarations are made of is the
 * author's doing.
 */
export function namedBy(ref: QueryRef, query: PreparedQuery): Named[] {
  const { contents, references = [] } = query.model._modelDef;
  if (ref.kind === 'named') {
    const query = contents[ref.name];
    return query?.type === 'query' ? [named(ref.name, 'query', query)] : [];
  }
  return references.flatMap(({ type, text, definition }) => {
    const inPackage = definition.location && modelOfLocation(definition.location.url) !== null;
    if (!inPackage) return [];
    if (type === 'exploreReference') return [named(text, 'source', definition)];
    if (type === 'queryReference') return [named(text, 'query', definition)];
    return [];
  });
}

function named(
  name: string,
  kind: Named['kind'],
  definition: Pick<Definition, 'location' | 'annotations'>,
): Named {
  const { location, annotations } = definition;
  return { name, kind, location, annotations };
}
