import { Annotations, isSourceDef } from '@malloydata/malloy';
import type { DocumentLocation, Model } from '@malloydata/malloy';
import { Failure } from './failure';
import type { Named } from './named-sources';
import { problem, unique } from './problems';

/** A filter of the upstream system, `#(filter) name=tenant dimension=t type=equal required`. */
interface Filter {
  readonly name: string;
  readonly required: boolean;
  readonly at: DocumentLocation;
}

/** `key=value` or a flag; a value may stand in quotes. */
const TOKEN = /(\w+)(?:=("[^"]*"|'[^']*'|\S*))?/g;

/**
 * Refuses a query of a source that must not be read without the value of a filter. There is no way
 * to give one yet, so every such query is refused; without it the answer would be about all rows.
 *
 * @param model the file's own, which has the named queries
 * @throws Failure "filter" that names the filters
 */
export function refuseUnfiltered(model: Model, named: readonly Named[]): void {
  const missing = named.flatMap((one) =>
    filtersOf(one, model)
      .filter(({ required }) => required)
      .map((filter) => ({ ...filter, source: one.name })),
  );
  const [first] = missing;
  if (first === undefined) return;
  const problems = unique(
    missing.map(({ name, source, at }) =>
      problem('error', 'filter-required', messageFor(name, source), null, at),
    ),
  );
  throw new Failure('filter', messageFor(first.name, first.source), problems);
}

function messageFor(name: string, source: string): string {
  return (
    `"${source}" is not read without its filter "${name}" (#(filter) … required), and values of ` +
    'filters cannot be given yet. Query a source without it.'
  );
}

/** Those that hold for it. One that extends another has its filters, and may declare them anew. */
function filtersOf({ kind, name, annotations }: Named, model: Model): Filter[] {
  const declared = kind === 'source' ? annotations : sourceOfQuery(name, model);
  const byName = new Map<string, Filter>();
  for (const { content, at } of new Annotations(declared).forRoute('filter')) {
    const filter = parse(content, at);
    byName.set(filter.name, filter);
  }
  return [...byName.values()];
}

function sourceOfQuery(name: string, { _modelDef: { contents } }: Model): Named['annotations'] {
  const query = contents[name];
  if (query?.type !== 'query') return undefined;
  const { structRef } = query;
  const source = typeof structRef === 'string' ? contents[structRef] : structRef;
  return source !== undefined && isSourceDef(source) ? source.annotations : undefined;
}

/** One that is written wrongly holds too: it was meant to. */
function parse(content: string, at: DocumentLocation): Filter {
  const options = new Map<string, string>();
  for (const [, key = '', value = ''] of content.matchAll(TOKEN)) {
    options.set(key.toLowerCase(), value.replace(/^(["'])(.*)\1$/, '$2'));
  }
  const name = options.get('name') ?? options.get('dimension') ?? '';
  return { name, required: options.has('required'), at };
}
