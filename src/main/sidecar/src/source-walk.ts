import { isSourceDef } from '@malloydata/malloy';
import type { NamedModelObject, SourceDef } from '@malloydata/malloy';

/** Parts of a definition in which no source lies; expressions are most of a large model. */
const WITHOUT_SOURCES = new Set([
  'annotations',
  'arguments',
  'code',
  'drillExpression',
  'e',
  'filterList',
  'location',
  'onExpression',
  'outputStruct',
  'refSummary',
]);

export type Contents = Readonly<Record<string, NamedModelObject>>;

/**
 * Every source that a definition is made of: itself, and what lies in its joins, queries, views,
 * compositions and SQL, whether or not a query reads it.
 *
 * @param contents what a name in it means
 * @param seen is passed over, and added to
 */
export function* sourcesWithin(
  root: object,
  contents: Contents,
  seen = new Set<object>(),
): Generator<SourceDef> {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const part = pending.pop();
    if (typeof part !== 'object' || part === null || seen.has(part)) continue;
    seen.add(part);
    if ('type' in part && isSourceDef(part as NamedModelObject)) yield part as SourceDef;
    for (const [key, value] of Object.entries(part)) {
      if (key === 'structRef' && typeof value === 'string') pending.push(contents[value]);
      else if (!WITHOUT_SOURCES.has(key)) pending.push(value);
    }
  }
}
