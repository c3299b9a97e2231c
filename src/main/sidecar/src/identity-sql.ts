import type { Model } from '@malloydata/malloy';
import { isWithoutValue } from './problems';
import type { Query } from '../node_modules/@malloydata/malloy/dist/model/malloy_types';
// Not exported by Malloy; the bundle has each of its files once, so this is the class that it uses.
import { QueryQuery } from '../node_modules/@malloydata/malloy/dist/model/query_query';

/**
 * The SQL that a BuildID hashes, by the query of its source, as long as that lives.
 *
 * For each reference to a persisted source Malloy compiles that SQL anew, only to look its hash up,
 * and what the source reads is inlined in it: on a chain of ten sources 14 ms, for every query and
 * for every target that reads it. It says the same each time: the query has its source in it, and
 * nothing but its BuildID is asked without a manifest.
 */
const known = new WeakMap<object, string>();

type Options = object | undefined;
type Compile = (query: object, options: Options) => string;

interface Internals {
  isolatedQueryCompiler: (this: Internals) => Compile;
}

/** Called once, before anything is compiled. */
export function rememberIdentitySql(): void {
  const internals = QueryQuery.prototype as unknown as Internals;
  const compiler = internals.isolatedQueryCompiler;
  internals.isolatedQueryCompiler = function () {
    const compile = compiler.call(this);
    return (query, options) => {
      if (!isIdentity(query, options)) return compile(query, options);
      let sql = known.get(query);
      if (sql === undefined) {
        sql = compileIdentity(() => compile(query, options));
        known.set(query, sql);
      }
      return sql;
    };
  };
}

/**
 * A source that reads a given without a default has no one SQL, and so no table: what it reads is
 * known only with the values of a query, which a BuildID doesn't see.
 */
function compileIdentity(compile: () => string): string {
  try {
    return compile();
  } catch (error) {
    if (isWithoutValue(error)) return 'reads a given without a value';
    throw error;
  }
}

/**
 * What a model's plan hashes is what is looked up afterwards.
 *
 * @param planned is called for each source whose SQL is worked out
 */
export function rememberPlanned({ queryModel }: Model, planned: () => void): void {
  const compileQuery = queryModel.compileQuery.bind(queryModel);
  queryModel.compileQuery = (query, options, finalize) => {
    const compiled = compileQuery(query, options, finalize);
    if (finalize === false && isIdentity(query, options)) {
      known.set(query, compiled.sql);
      planned();
    }
    return compiled;
  };
}

/** What a BuildID hashes of a source that a query makes. */
export function identitySql({ queryModel }: Model, query: Query, options: Options): string {
  const remembered = isIdentity(query, options) ? known.get(query) : undefined;
  return remembered ?? queryModel.compileQuery(query, options, false).sql;
}

/** A source that is named is another one in another model. */
function isIdentity(query: { structRef?: unknown }, options: Options): boolean {
  return (
    typeof query.structRef !== 'string' &&
    Object.values(options ?? {}).every((value) => value === undefined)
  );
}
