import type { Model } from '@malloydata/malloy';
import { hasGates } from './authorize';
import { lastQuery } from './callers-text';
import { Failure } from './failure';
import { passGates, refuseClosed } from './gate-check';
import { GivenValues } from './given-values';
import type { PackageRuntime } from './package-runtime';
import { queryFailure, toSql } from './prepare';
import { toProblem, unique } from './problems';
import type { CheckReport, Givens, Tables } from './protocol';

/** Compiles a caller's text on top of a model, restricted, and reports instead of failing. */
export async function checkSource(
  pkg: PackageRuntime,
  path: string,
  text: string,
  includeSql: boolean,
  tables: Tables,
  givens: Givens,
): Promise<CheckReport> {
  const model = await pkg.model(path);
  const values = new GivenValues(model, givens, path);
  try {
    const checked = await compile(pkg, model, text);
    const gated =
      hasGates(model) && (await passGates(pkg, writtenIn(checked, model), checked, values));
    const problems = unique(checked.problems.map((log) => toProblem(log, null)));
    const query = includeSql ? lastQuery(checked) : undefined;
    if (query === undefined) return { status: 'success', gated, problems };
    const { result } = toSql(pkg, query, tables, values, null);
    return { status: 'success', gated, problems, sql: result.sql };
  } catch (error) {
    if (error instanceof Failure && error.kind === 'query') {
      await refuseClosed(pkg, text, model, values);
      return { status: 'error', gated: false, problems: error.problems };
    }
    throw error;
  }
}

/** What the text declares and asks, which is more than its last query. It can't redefine a name. */
function writtenIn({ _modelDef }: Model, base: Model): object {
  const declared = Object.entries(_modelDef.contents).filter(
    ([name]) => !Object.hasOwn(base._modelDef.contents, name),
  );
  return [...declared.map(([, entry]) => entry), ..._modelDef.queryList];
}

async function compile(pkg: PackageRuntime, model: Model, text: string): Promise<Model> {
  try {
    return await pkg.compileText(model, text);
  } catch (error) {
    throw queryFailure(error, null);
  }
}
