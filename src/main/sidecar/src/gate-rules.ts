import { isSourceDef } from '@malloydata/malloy';
import type { Model } from '@malloydata/malloy';
// Not exported by Malloy: what works out the givens that are computed from others.
import {
  INLINE_LEAVES,
  INLINE_OPS,
  inlineExpr,
} from '../node_modules/@malloydata/malloy/dist/model/inline_expr';
import { gateNotes, positionKey } from './authorize';
import type { Gate } from './authorize';
import type { GivenValues } from './given-values';
import { modelOfLocation } from './model-url';
import { Failure } from './failure';
import { lastQuery, quoted } from './callers-text';
import type { PackageRuntime } from './package-runtime';
import { problemsOfError, summary } from './problems';
import { messageOf } from './rpc';

type Expr = Parameters<typeof inlineExpr>[0];

/**
 * What a gate asks for. A lock is decided by who asks alone, so it holds for all rows or for none,
 * and for a table as for what it was built from.
 */
export type Rule =
  | { readonly kind: 'lock'; opens(values: GivenValues): boolean }
  | { readonly kind: 'unenforced'; readonly why: string };

const known = new WeakMap<PackageRuntime, Map<string, Promise<Rule>>>();

/** The rule of a gate, worked out once. */
export async function ruleOf(pkg: PackageRuntime, gate: Gate): Promise<Rule> {
  const rules = known.get(pkg) ?? new Map<string, Promise<Rule>>();
  known.set(pkg, rules);
  const key = `${gate.holder} ${positionKey(gate.at)}`;
  const rule = rules.get(key) ?? readRule(pkg, gate);
  rules.set(key, rule);
  try {
    return await rule;
  } catch (error) {
    // A database may have been away.
    rules.delete(key);
    throw error;
  }
}

/** What a gate says: an expression of Malloy's, in quotes or without. */
const BODY = /^##?\(authorize\)\s+(\S[\s\S]*?)\s*$/;
const DOUBLE = /^"(?:[^"\\]|\\.)*"$/s;
const SINGLE = /^'(?:[^'\\]|\\.)*'$/s;

function unenforced(why: string): Rule {
  return { kind: 'unenforced', why };
}

async function readRule(pkg: PackageRuntime, gate: Gate): Promise<Rule> {
  const body = BODY.exec(gate.text)?.[1];
  if (body === undefined || gate.holder === 'field') {
    return unenforced(
      'only #(authorize) with an expression after it, before a source or at the top of a file, is enforced',
    );
  }
  const isText = DOUBLE.test(body) || SINGLE.test(body);
  const expression = isText ? body.slice(1, -1).replace(/\\(.)/gs, '$1') : body;
  const path = modelOfLocation(gate.at.url);
  const model = path === null ? undefined : await pkg.model(path);
  const source = model === undefined ? undefined : sourceOf(model, gate);
  if (model === undefined || source === undefined) {
    return unenforced('there is no source in its file that it could be read with');
  }
  const e = await compileExpression(pkg, model, source, expression);
  return typeof e === 'string' ? unenforced(e) : lock(e);
}

/** A gate's names mean what they mean where it stands. */
function sourceOf(model: Model, gate: Gate): string | undefined {
  const sources = Object.entries(model._modelDef.contents).filter(([, one]) => isSourceDef(one));
  const own = sources.find(
    ([, one]) =>
      gate.holder === 'top' ||
      gateNotes('annotations' in one ? one.annotations : undefined).some(
        ({ at }) => positionKey(at) === positionKey(gate.at),
      ),
  );
  return own?.[0];
}

const FIELD = 'ingot: opens';

/** The expression; else why it isn't one. */
async function compileExpression(
  pkg: PackageRuntime,
  model: Model,
  source: string,
  expression: string,
): Promise<Expr | string> {
  try {
    const text = `run: ${quoted(source)} -> { group_by: ${quoted(FIELD)} is (\n${expression}\n) }`;
    const compiled = await pkg.compileText(model, text);
    // An expression that ends the query and begins another isn't one.
    const isOne = compiled.queries().unnamed === 1;
    const segments = (isOne ? lastQuery(compiled)?._query.pipeline : undefined) ?? [];
    const [segment] = segments;
    const fields = segment !== undefined && 'queryFields' in segment ? segment.queryFields : [];
    const [field] = fields;
    if (segments.length !== 1 || fields.length !== 1 || field?.type !== 'boolean' || !field.e) {
      return 'it is no condition';
    }
    return field.e;
  } catch (error) {
    const problems = problemsOfError(error, null);
    if (problems === undefined) throw error;
    return `it does not compile: ${summary(problems)}`;
  }
}

function lock(e: Expr): Rule {
  const strange = undecidable(e);
  if (strange === 'field') return unenforced('it reads columns');
  if (strange !== undefined) {
    return unenforced(
      'it does more than compare givens and literals with =, !=, <, >, in, and, or, not',
    );
  }
  const decided = withoutIn(e);
  return {
    kind: 'lock',
    opens: (values) => {
      try {
        return inlineExpr(decided, (id, name) => values.trusted(id, name)).node === 'true';
      } catch (error) {
        if (error instanceof Failure) throw error;
        throw new Failure('given', `it cannot be decided: ${messageOf(error)}`);
      }
    },
  };
}

type Parts = Record<string, Expr | Expr[] | null>;

function partsOf(e: Expr): Expr[] {
  const parts: Parts = 'kids' in e ? e.kids : {};
  const within = Object.values(parts).flat();
  if ('e' in e && typeof e.e === 'object') within.push(e.e);
  return within.filter((part) => part !== null);
}

/** The first node that isn't worked out before there is SQL. */
function undecidable(e: Expr): string | undefined {
  const decidable =
    e.node === 'in' || (e.node !== 'null' && (INLINE_OPS.has(e.node) || INLINE_LEAVES.has(e.node)));
  if (!decidable) return e.node;
  const strange = partsOf(e).map(undecidable);
  return strange.includes('field') ? 'field' : strange.find((node) => node !== undefined);
}

/** `x = 'a' | 'b'`, which Malloy doesn't work out by itself, as two comparisons. */
function withoutIn(e: Expr): Expr {
  switch (e.node) {
    case 'in': {
      const left = withoutIn(e.kids.e);
      const any = e.kids.oneOf
        .map((one): Expr => ({ node: '=', kids: { left, right: withoutIn(one) } }))
        .reduce((one, other) => ({ node: 'or', kids: { left: one, right: other } }));
      return e.not ? { node: 'not', e: any } : any;
    }
    case 'and':
    case 'or':
    case '=':
    case '!=':
    case '>':
    case '<':
    case '>=':
    case '<=':
      return { ...e, kids: { left: withoutIn(e.kids.left), right: withoutIn(e.kids.right) } };
    case 'not':
    case '()':
    case 'inGiven':
      return { ...e, e: withoutIn(e.e) };
    default:
      return e;
  }
}
