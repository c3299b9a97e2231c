import type { Model, PreparedQuery } from '@malloydata/malloy';

/** The last query of a text; a model compiled on top of another has its own list. */
export function lastQuery(text: Model): PreparedQuery | undefined {
  return text.queries().unnamed > 0 ? text.getPreparedQuery() : undefined;
}

/** A name as Malloy's grammar quotes it. */
export function quoted(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
