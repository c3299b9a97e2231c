import { Annotations, isSourceDef } from '@malloydata/malloy';
import type { BuildTarget, Model, NamedModelObject, PersistSource } from '@malloydata/malloy';
import { gatesWithin } from './authorize';
import { ruleOf } from './gate-rules';
import { declaredGivens } from './given-list';
import { GivenValues } from './given-values';
import type { PackageRuntime } from './package-runtime';
import { problem, toProblem } from './problems';
import { NO_GIVENS } from './protocol';
import type { Problem } from './protocol';

type Declaration = Extract<NamedModelObject, { annotations?: unknown }>;

/** What is wrong with the `#@` annotations of a model, apart from the tables they ask for. */
export function persistProblems(model: Model, path: string): Problem[] {
  return Object.values(model._modelDef.contents).flatMap((declaration) =>
    isSourceDef(declaration) || 'annotations' in declaration
      ? declarationProblems(declaration, path)
      : [],
  );
}

function declarationProblems(declaration: Declaration, path: string): Problem[] {
  const annotations = new Annotations(declaration.annotations);
  const { tag, log } = annotations.parseAsTag('@');
  const problems = log.map((message) => {
    const at = toProblem(message, path);
    const hint = 'A name that is more than letters, digits and _ needs quotes: name="schema.table"';
    return { ...at, message: `A #@ annotation is malformed: ${at.message}. ${hint}` };
  });
  for (const note of annotations.forRoute('@')) {
    // MOTLY reads this as name=my and a removal of `table`, which nobody means.
    const cut = /\bname\s*=\s*(\w+-[\w-]+)/.exec(note.content)?.[1];
    if (cut !== undefined) {
      const message = `The name stops at its first "-". Write it in quotes: name='"${cut}"'`;
      problems.push(problem('error', 'persist-name', message, path, note.at));
    }
  }
  if (isSourceDef(declaration) && declaration.type === 'composite') {
    if (declaration.sources.some((input) => 'persistent' in input && input.persistent)) {
      const message =
        'The persisted inputs of a composite source are not served from their tables.';
      problems.push(problem('warn', 'persist-composite', message, path, declaration.location));
    }
  }
  if (!tag.has('persist')) return problems;
  const ignored = ignoredBecause(declaration);
  if (ignored !== undefined) {
    problems.push(problem('warn', 'persist-ignored', ignored, path, declaration.location));
  }
  return problems;
}

function ignoredBecause(declaration: Declaration): string | undefined {
  if (!isSourceDef(declaration)) {
    return '#@ persist on a query has no effect; declare a source from it.';
  }
  switch (declaration.type) {
    case 'query_source':
    case 'sql_select':
      return undefined;
    case 'composite':
      return '#@ persist on a composite source has no effect; persist its inputs.';
    default:
      return '#@ persist on a table has no effect: it is one already.';
  }
}

/**
 * Why a target must not be built: it would be built once, with the defaults, and served to every
 * value (or to everyone), which is silently wrong. Locks are no reason: whoever reads the table has
 * to pass them, as they stand before what it was built from.
 */
export async function targetProblems(
  pkg: PackageRuntime,
  { sources }: BuildTarget,
  path: string,
  model: Model,
): Promise<Problem[]> {
  const unenforced = new Set<PersistSource>();
  for (const source of sources) {
    for (const gate of gatesWithin(source._sourceDef, model)) {
      if ((await ruleOf(pkg, gate)).kind === 'unenforced') unenforced.add(source);
    }
  }
  // An extension may add a parameter that the table, which is its base's, never sees.
  const everySourceHasParameter = sources.every(hasParameter);
  return sources.flatMap((source) => {
    const reasons: [code: string, reason: string][] = [];
    if (readsGivens(source, model)) reasons.push(['persist-given', 'reads a given']);
    if (everySourceHasParameter) reasons.push(['persist-parameter', 'has a parameter']);
    if (unenforced.has(source)) {
      reasons.push(['persist-authorize', 'is, reads or joins what #(authorize) restricts']);
    }
    return reasons.map(([code, reason]) => {
      const message =
        `The source "${source.name}" ${reason}, so one table cannot answer for it. ` +
        'Remove #@ persist, or write #@ -persist.';
      return problem('error', code, message, path, source.location);
    });
  });
}

function hasParameter(source: PersistSource): boolean {
  return Object.keys(source._sourceDef.parameters ?? {}).length > 0;
}

/**
 * Asks the SQL that would be built, written out whole: a join may read one too, or a filter. Malloy
 * hands these options on to where SQL is written, though its types don't say so.
 */
function readsGivens(source: PersistSource, model: Model): boolean {
  if (declaredGivens(model).size === 0) return false;
  const givens = new GivenValues(model, NO_GIVENS, '');
  source.getSQL({ resolvedGivens: givens } as object);
  return givens.read.size > 0;
}
