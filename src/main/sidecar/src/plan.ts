import type { Model } from '@malloydata/malloy';
import { gatesWithin } from './authorize';
import { importsOf } from './model-report';
import { hasPersistence } from './package-runtime';
import type { PackageRuntime } from './package-runtime';
import { unheeded } from './persist-hints';
import { persistProblems, targetProblems } from './persist-rules';
import { isWithoutValue, problem, problemsOfError, unique } from './problems';
import type { ModelPlan, Plan, Problem } from './protocol';
import { messageOf, stackOf } from './rpc';
import { TableReads } from './table-reads';
import { TargetUnion } from './target-union';

/** What all models of a package want built. A model that fails is reported; the others go on. */
export async function plan(pkg: PackageRuntime): Promise<Plan> {
  const models: ModelPlan[] = [];
  const union = new TargetUnion(pkg.spec);
  const reads = new TableReads();
  pkg.progress.beginPlan();
  for (const path of pkg.spec.models) {
    const compiled = await pkg.compile(path);
    pkg.progress.compiled(path);
    if (!compiled.ok) {
      const { problems } = compiled;
      models.push({ path, ok: false, planned: false, persistence: false, imports: [], problems });
      continue;
    }
    reads.add(compiled.model, path);
    const persistence = hasPersistence(compiled.model);
    const problems = [...compiled.problems, ...unheeded(compiled.model, path, persistence)];
    let planned = true;
    if (persistence) {
      problems.push(...persistProblems(compiled.model, path));
      const targets = await addTargets(pkg, path, compiled.model, union);
      ({ planned } = targets);
      problems.push(...targets.problems);
    }
    const imports = importsOf(compiled.model);
    models.push({ path, ok: true, planned, persistence, imports, problems: unique(problems) });
  }
  const targets = union.targets();
  return {
    models,
    targets,
    reads: reads.ofTargets(targets),
    problems: unique(models.flatMap((model) => model.problems)),
  };
}

/** One source that Malloy cannot express throws for its whole model. */
async function addTargets(
  pkg: PackageRuntime,
  path: string,
  model: Model,
  union: TargetUnion,
): Promise<{ planned: boolean; problems: Problem[] }> {
  try {
    // Its tagParseLog is not used: Malloy writes to it only the first time that a model is asked,
    // and preparing a query asks too. persistProblems reads the same tags each time.
    const { connections } = await pkg.runtime.getBuildTargets(model);
    const targets = connections.flatMap((connection) => connection.targets);
    const problems: Problem[] = [];
    for (const target of targets) {
      const gated = target.sources.some(
        (source) => gatesWithin(source._sourceDef, model).length > 0,
      );
      union.add(target, path, gated);
      problems.push(...(await targetProblems(pkg, target, path, model)));
    }
    return { planned: true, problems };
  } catch (error) {
    const problems = problemsOfError(error, path);
    if (isWithoutValue(error))
      return { planned: false, problems: (problems ?? []).map(asPersisted) };
    if (problems !== undefined) return { planned: false, problems };
    console.error(`${path} has no build targets: ${stackOf(error)}`);
    const message = `The tables of this model cannot be worked out: ${messageOf(error)}`;
    return { planned: false, problems: [problem('error', 'plan-failed', message, path)] };
  }
}

/** A plan has nobody to give values. */
function asPersisted(found: Problem): Problem {
  const message =
    'A persisted source reads a given, so one table cannot answer for it. ' +
    `Remove #@ persist, or write #@ -persist. (${found.message})`;
  return { ...found, code: 'persist-given', message };
}
