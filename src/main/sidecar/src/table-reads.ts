import type { Model } from '@malloydata/malloy';
import { modelOfLocation } from './model-url';
import { positionOf } from './problems';
import type { TableRead, Target } from './protocol';
import { sourcesWithin } from './source-walk';

/** Where models read tables by their names or by SQL. */
export class TableReads {
  private readonly seen = new Set<object>();
  private readonly found = new Map<string, TableRead>();

  /** @param path the model, for a source without a place of its own */
  add(model: Model, path: string): void {
    const { contents } = model._modelDef;
    for (const source of sourcesWithin(contents, contents, this.seen)) {
      const text =
        source.type === 'table'
          ? { table: source.tablePath, sql: null }
          : source.type === 'sql_select'
            ? { table: null, sql: source.selectStr }
            : undefined;
      if (text === undefined) continue;
      const place = {
        model: (source.location && modelOfLocation(source.location.url)) ?? path,
        ...positionOf(source.location),
      };
      const read = { connectionName: source.connection, ...text, ...place };
      // Extensions are tables too: the first place in a file is where the name is written.
      const key = JSON.stringify([read.connectionName, read.table, read.sql, read.model]);
      const known = this.found.get(key);
      if (known === undefined || (read.line ?? Infinity) < (known.line ?? Infinity)) {
        this.found.set(key, read);
      }
    }
  }

  /** Those that may read a table that one of the targets declares. */
  ofTargets(targets: readonly Target[]): TableRead[] {
    const names = targets
      .flatMap((target) => target.sources)
      .flatMap(({ path }) => ('segments' in path ? path.segments.slice(-1) : []))
      .map((name) => name.toLowerCase());
    return [...this.found.values()].filter((read) => {
      const text = (read.table ?? read.sql ?? '').toLowerCase();
      return names.some((name) => text.includes(name));
    });
  }
}
