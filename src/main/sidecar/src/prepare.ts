import { PreparedResult, isSourceDef } from '@malloydata/malloy';
import type { Model, PreparedQuery } from '@malloydata/malloy';
import { hasGates } from './authorize';
import { lastQuery, quoted } from './callers-text';
import { digestsOf } from './connections';
import { Failure, notFound } from './failure';
import { refuseUnfiltered } from './filters';
import { passGates, refuseClosed } from './gate-check';
import { GivenValues } from './given-values';
import { ManifestProbe } from './manifest-probe';
import { namedBy } from './named-sources';
import { hasPersistence } from './package-runtime';
import type { PackageRuntime } from './package-runtime';
import { problem, problemsOfError, summary, toProblem, unique } from './problems';
import type { Givens, Prepared, Problem, QueryRef, Tables } from './protocol';
import { refuseHidden, surfaceOf } from './surface';
import type { Surface } from './surface';

/** The SQL that answers a query from the tables of a manifest, and the shape of its result. */
export async function prepareQuery(
  pkg: PackageRuntime,
  path: string,
  ref: QueryRef,
  tables: Tables,
  givens: Givens,
): Promise<Prepared> {
  const model = await pkg.model(path);
  const values = new GivenValues(model, givens, path);
  const surface = await surfaceOf(pkg);
  const query = await findQuery(pkg, path, model, ref, surface).catch(async (error: unknown) => {
    await refuseClosed(pkg, namesIn(ref), model, values);
    throw error;
  });
  const named = namedBy(ref, query);
  refuseHidden(path, named, surface, (kind) => namesOf(model, kind, surface));
  const gated = hasGates(model) && (await passGates(pkg, query._query, query.model, values));
  refuseUnfiltered(model, named);
  const { result, probe } = toSql(pkg, query, tables, values, path);
  return {
    sql: result.sql,
    connectionName: result.connectionName,
    dialect: query.dialect,
    result: gated ? withoutSql(result.toStableResult()) : result.toStableResult(),
    reads: probe.reads(),
    gated,
    problems: unique(query.problems.map((log) => toProblem(log, null))),
  };
}

/** How a gated source is made is nothing that its rows tell. */
function withoutSql(result: ReturnType<PreparedResult['toStableResult']>): object {
  return Object.fromEntries(Object.entries(result).filter(([name]) => name !== 'sql'));
}

/**
 * Compiles a query to SQL, with the digests of all connections of the package.
 *
 * Not through a QueryMaterializer: it takes the digests from the build plan of the query's own
 * model, and a text has no plan when its model only imports what lies above the persisted sources.
 * Then no table would be looked up, and nothing would say so.
 *
 * Without the persistence flag a model has no tables: it gets no manifest.
 *
 * @param givens is asked for each given that the SQL reads
 */
export function toSql(
  pkg: PackageRuntime,
  query: PreparedQuery,
  tables: Tables,
  givens: GivenValues,
  path: string | null,
): { result: PreparedResult; probe: ManifestProbe } {
  const probe = new ManifestProbe(tables);
  const { manifest: buildManifest } = probe;
  const connectionDigests = digestsOf(pkg.spec);
  const persistence = hasPersistence(query.model) ? { buildManifest, connectionDigests } : {};
  try {
    const { queryModel } = query.model;
    // What PreparedQuery.getPreparedResult does, but for the values of givens that it looks up.
    const compiled = queryModel.compileQuery(query._query, {
      ...persistence,
      resolvedGivens: givens,
    });
    const queryName = query.name ?? compiled.queryName;
    return {
      result: new PreparedResult(
        { ...compiled, ...(queryName === undefined ? {} : { queryName }) },
        query._modelDef,
      ),
      probe,
    };
  } catch (error) {
    throw queryFailure(error, path);
  }
}

/** The failure for what Malloy threw; anything that isn't about the query stays as it is. */
export function queryFailure(error: unknown, path: string | null): unknown {
  const problems = problemsOfError(error, path) ?? tooDeep(error, path);
  if (problems === undefined) return error;
  return new Failure('query', summary(problems), problems);
}

/** Malloy's compiler calls itself for each level, until the stack is full. */
function tooDeep(error: unknown, path: string | null): Problem[] | undefined {
  if (!(error instanceof RangeError)) return undefined;
  return [problem('error', 'too-deep', 'This is nested too deeply to be compiled.', path)];
}

/** Where the names stand that a caller uses. */
function namesIn(ref: QueryRef): string {
  switch (ref.kind) {
    case 'text':
      return ref.text;
    case 'named':
      return ref.name;
    case 'view':
      return ref.source;
  }
}

async function findQuery(
  pkg: PackageRuntime,
  path: string,
  model: Model,
  ref: QueryRef,
  surface: Surface,
): Promise<PreparedQuery> {
  switch (ref.kind) {
    case 'text':
      return queryOfText(pkg, model, ref.text);
    case 'named': {
      const names = namesOf(model, 'query', surface);
      if (!names.includes(ref.name)) throw notFound(`query in ${path}`, ref.name, names);
      return model.getPreparedQueryByName(ref.name);
    }
    case 'view':
      requireView(path, model, ref.source, ref.name, surface);
      return queryOfText(pkg, model, `run: ${quoted(ref.source)} -> ${quoted(ref.name)}`);
  }
}

async function queryOfText(
  pkg: PackageRuntime,
  model: Model,
  text: string,
): Promise<PreparedQuery> {
  const query = lastQuery(await compileCallersText(pkg, model, text));
  if (query !== undefined) return query;
  const problems: Problem[] = [
    problem('error', 'no-query', 'The text has no query. Write one: run: source -> view', null),
  ];
  throw new Failure('query', summary(problems), problems);
}

async function compileCallersText(pkg: PackageRuntime, model: Model, text: string): Promise<Model> {
  try {
    return await pkg.compileText(model, text);
  } catch (error) {
    throw queryFailure(error, null);
  }
}

function requireView(
  path: string,
  model: Model,
  sourceName: string,
  view: string,
  surface: Surface,
): void {
  const sources = namesOf(model, 'source', surface);
  if (!sources.includes(sourceName)) throw notFound(`source in ${path}`, sourceName, sources);
  const fields = model.getExploreByName(sourceName).allFields;
  const views = fields.filter((field) => field.isQueryField()).map((field) => field.name);
  if (!views.includes(view)) throw notFound(`view in the source ${sourceName}`, view, views);
}

function namesOf(model: Model, kind: 'query' | 'source', surface: Surface): string[] {
  // Not model.queries().named: a query that was renamed by its import has its old name there.
  const contents = Object.entries(model._modelDef.contents);
  return contents
    .filter(([, entry]) => (kind === 'query' ? entry.type === 'query' : isSourceDef(entry)))
    .filter(([, entry]) => surface('location' in entry ? entry : {}))
    .map(([name]) => name);
}
