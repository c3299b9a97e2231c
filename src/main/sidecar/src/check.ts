import type { Model } from '@malloydata/malloy';
import { Failure } from './failure';
import { GivenValues } from './given-values';
import type { PackageRuntime } from './package-runtime';
import { lastQuery, queryFailure, toSql } from './prepare';
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
    const problems = unique(checked.problems.map((log) => toProblem(log, null)));
    const query = includeSql ? lastQuery(checked) : undefined;
    if (query === undefined) return { status: 'success', problems };
    const { result } = toSql(pkg, query, tables, values, null);
    return { status: 'success', problems, sql: result.sql };
  } catch (error) {
    if (error instanceof Failure && error.kind === 'query') {
      return { status: 'error', problems: error.problems };
    }
    throw error;
  }
}

async function compile(pkg: PackageRuntime, model: Model, text: string): Promise<Model> {
  try {
    return await pkg.compileText(model, text);
  } catch (error) {
    throw queryFailure(error, null);
  }
}
