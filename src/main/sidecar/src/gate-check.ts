import { isSourceDef } from '@malloydata/malloy';
import type { Model } from '@malloydata/malloy';
import { gatesWithin, hasGates } from './authorize';
import type { Gate } from './authorize';
import { Failure } from './failure';
import { ruleOf } from './gate-rules';
import type { GivenValues } from './given-values';
import type { PackageRuntime } from './package-runtime';
import { problem, unique } from './problems';

/**
 * Asks every gate on the way of a definition whether this caller may pass. What can't be asked is
 * closed, and that a query may leave a restricted join unused is not counted on.
 *
 * @param model what the definition's names mean
 * @returns whether there are gates
 * @throws Failure "gated" where one is not enforced, "denied" where one is closed to the caller
 */
export async function passGates(
  pkg: PackageRuntime,
  root: object,
  model: Model,
  values: GivenValues,
): Promise<boolean> {
  const gates = gatesWithin(root, model);
  const closed = new Set<string>();
  for (const gate of gates) {
    if (!(await opens(pkg, gate, values, gates))) closed.add(gate.name);
  }
  if (closed.size > 0) {
    // Not why: the gate's condition says who may.
    throw new Failure('denied', `You may not read what the query does: ${[...closed].join(', ')}.`);
  }
  return gates.length > 0;
}

async function opens(
  pkg: PackageRuntime,
  gate: Gate,
  values: GivenValues,
  all: readonly Gate[],
): Promise<boolean> {
  const rule = await ruleOf(pkg, gate);
  if (rule.kind === 'unenforced') throw notEnforced(all, rule.why);
  try {
    return rule.opens(values);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.kind === 'claim') return false;
    throw notEnforced(all, error.message);
  }
}

function notEnforced(gates: readonly Gate[], why: string): Failure {
  const names = [...new Set(gates.map(({ name }) => name))];
  const message =
    `The query's source is or joins what #(authorize) restricts: ${names.join(', ')}. ` +
    `That is not enforced here, as ${why}; so such queries are not answered. ` +
    'Mend the gate, or query a source without it.';
  return new Failure(
    'gated',
    message,
    unique(gates.map(({ at }) => problem('error', 'authorize-gated', message, null, at))),
  );
}

/**
 * Keeps what the compiler says of a caller's text from telling how a source is made that is closed
 * to him: which fields it has, say.
 *
 * @param text of which nothing could be compiled, or not all
 * @throws Failure as {@link passGates}, when the text names what is closed
 */
export async function refuseClosed(
  pkg: PackageRuntime,
  text: string,
  model: Model,
  values: GivenValues,
): Promise<void> {
  if (!hasGates(model)) return;
  for (const [name, entry] of Object.entries(model._modelDef.contents)) {
    // A backslash in a quoted name may stand for nothing, so one may be any name.
    if (!text.includes(name) && !text.includes('\\')) continue;
    if (isSourceDef(entry) || entry.type === 'query') await passGates(pkg, entry, model, values);
  }
}
