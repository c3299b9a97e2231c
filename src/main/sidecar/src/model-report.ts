import { isSourceDef, modelDefToModelInfo } from '@malloydata/malloy';
import type { DocumentLocation, Model, NamedModelObject } from '@malloydata/malloy';
import { gatesWithin } from './authorize';
import { givensOf, withDefaults } from './given-list';
import { modelOfLocation } from './model-url';
import { hasPersistence } from './package-runtime';
import type { PackageRuntime } from './package-runtime';
import { unheeded } from './persist-hints';
import { persistProblems } from './persist-rules';
import { positionOf, problemsOfError, unique } from './problems';
import type { ModelReport, Position, Problem } from './protocol';

/** Compiles all models, so that who asks for one of them later needn't wait for it. */
export async function compileModels(pkg: PackageRuntime): Promise<Record<string, never>> {
  for (const path of pkg.spec.models) {
    await pkg.compile(path);
    pkg.progress.compiled(path);
  }
  return {};
}

/** What is in a model, or why it doesn't compile. */
export async function compileModel(pkg: PackageRuntime, path: string): Promise<ModelReport> {
  const compiled = await pkg.compile(path);
  if (!compiled.ok) {
    const nothing = { modelInfo: null, sources: [], queries: [], givens: [], imports: [] };
    return { ok: false, persistence: false, problems: compiled.problems, ...nothing };
  }
  const { model } = compiled;
  const persistence = hasPersistence(model);
  const problems = [
    ...compiled.problems,
    ...unheeded(model, path, persistence),
    ...(persistence ? persistProblems(model, path) : []),
  ];
  const modelInfo = describe(model, path, problems);
  const { exports, contents } = model._modelDef;
  const entries = Object.entries(contents).filter(([name]) => exports.includes(name));
  return {
    ok: true,
    persistence,
    problems: unique(problems),
    modelInfo,
    sources: entries.flatMap(([name, entry]) =>
      isSourceDef(entry)
        ? [
            {
              name,
              persisted: persistence && isPersisted(entry),
              gated: gatesWithin(entry, model).length > 0,
              ...within(path, entry.location),
            },
          ]
        : [],
    ),
    queries: entries.flatMap(([name, entry]) =>
      entry.type === 'query' ? [{ name, ...within(path, entry.location) }] : [],
    ),
    givens: givensOf(model),
    imports: importsOf(model),
  };
}

/** The models that it imports itself, each once. */
export function importsOf(model: Model): string[] {
  const urls = (model._modelDef.imports ?? []).map(({ importURL }) => importURL);
  return [...new Set(urls.map((url) => modelOfLocation(url) ?? url))];
}

/**
 * Malloy compiles each query to find its columns, which can still fail where the model did not. They
 * are the same whatever its givens are.
 */
function describe(model: Model, path: string, problems: Problem[]): unknown {
  try {
    return modelDefToModelInfo(withDefaults(model._modelDef));
  } catch (error) {
    const found = problemsOfError(error, path);
    if (found === undefined) throw error;
    problems.push(...found);
    return null;
  }
}

function isPersisted(source: NamedModelObject): boolean {
  return 'persistent' in source && source.persistent;
}

/** What a model exports may be declared in another file, whose lines would mislead. */
function within(path: string, location: DocumentLocation | undefined): Position {
  const here = location !== undefined && modelOfLocation(location.url) === path;
  return positionOf(here ? location : undefined);
}
