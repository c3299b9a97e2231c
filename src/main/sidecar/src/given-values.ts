import type { Model } from '@malloydata/malloy';
// Not exported by Malloy; the bundle has each of its files once.
import { resolveSuppliedGivens } from '../node_modules/@malloydata/malloy/dist/model/given_binding';
import { inlineExpr } from '../node_modules/@malloydata/malloy/dist/model/inline_expr';
import { Failure } from './failure';
import { misfit } from './given-checks';
import { declaredGivens, surfacedGivens } from './given-list';
import type { Declared } from './given-list';
import type { Givens } from './protocol';
import { withoutValue } from './problems';
import { messageOf } from './rpc';

type Bound = ReturnType<typeof resolveSuppliedGivens>;
type Supplied = Parameters<typeof resolveSuppliedGivens>[0];
type OfModel = Parameters<typeof resolveSuppliedGivens>[1];
type Expr = NonNullable<ReturnType<Bound['get']>>;

/**
 * The values of a model's givens for one caller, by their ids. Malloy asks here for each given that
 * it writes into SQL, wherever it stands.
 *
 * A given that the project binds to a claim has the claim's value, whatever name it was imported
 * under, and also where the model that is asked doesn't see it: Malloy would take its default
 * there. Without the claim it has no value, which is told only to whose query reads it.
 */
export class GivenValues extends Map<string, Expr> {
  private readonly declared: ReadonlyMap<string, Declared>;
  private readonly bound = new Set<string>();
  private readonly missing = new Map<string, Failure>();
  /** The ids of those that were read. */
  readonly read = new Set<string>();

  /**
   * @throws Failure "given" for a value that the model has no use for, "given_bound" for one that is
   *   not the caller's to give, "claim" for a claim of another type than its given
   */
  constructor(model: Model, givens: Givens, path: string) {
    super();
    this.declared = declaredGivens(model);
    const surfaced = surfacedGivens(model);
    for (const [name, value] of Object.entries(givens.values)) {
      const id = surfaced.get(name);
      const declaration = id === undefined ? undefined : this.declared.get(id);
      if ([name, declaration?.name ?? name].some((one) => Object.hasOwn(givens.bound, one))) {
        throw new Failure('given_bound', boundMessage(name));
      }
      if (id === undefined || declaration === undefined) {
        throw new Failure('given', unknownMessage(name, path, [...surfaced.keys()]));
      }
      const refuse = (why: string): Failure => new Failure('given', `The given "${name}" ${why}.`);
      this.set(id, valueOf(declaration, value, refuse));
    }
    for (const [id, declaration] of this.declared) this.bind(id, declaration, surfaced, givens);
  }

  /** By its own name, else by one that the model imports it under. */
  private bind(
    id: string,
    declaration: Declared,
    surfaced: ReadonlyMap<string, string>,
    { bound }: Givens,
  ): void {
    const names = [...surfaced].filter(([, other]) => other === id).map(([name]) => name);
    const name = [declaration.name, ...names].find((one) => Object.hasOwn(bound, one));
    const binding = name === undefined ? undefined : bound[name];
    if (name === undefined || binding === undefined) return;
    this.bound.add(id);
    const { claim, value } = binding;
    const refuse = (why: string): Failure => new Failure('claim', claimMessage(name, claim, why));
    try {
      if (value === null) throw refuse('it has no such claim');
      this.set(id, valueOf(declaration, value, refuse));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.missing.set(id, error);
    }
  }

  override has(id: string): boolean {
    return this.missing.has(id) || super.has(id);
  }

  override get(id: string): Expr | undefined {
    this.read.add(id);
    const missing = this.missing.get(id);
    if (missing !== undefined) throw missing;
    return super.get(id) ?? this.inline(id);
  }

  /**
   * The value of a given that a gate reads. It has to be what the caller can't choose.
   *
   * @throws Failure "given" for one that any request may set, "claim" without the claim
   */
  trusted(id: string, name: string): Expr {
    if (!this.isBound(id)) {
      throw new Failure('given', `any request may set the given "${name}": bind it to a claim`);
    }
    const value = this.get(id);
    if (value === undefined || hasNull(value)) throw new Failure('claim', 'It has no value.');
    return value;
  }

  private isBound(id: string): boolean {
    if (this.bound.has(id)) return true;
    const declaration = this.declared.get(id);
    return (
      declaration?.inline === true &&
      declaration.default !== undefined &&
      givensIn(declaration.default).every((other) => this.isBound(other))
    );
  }

  /** One that is computed from others: Malloy does that before it writes SQL. */
  private inline(id: string): Expr | undefined {
    const declaration = this.declared.get(id);
    if (declaration?.inline !== true || declaration.default === undefined) return undefined;
    return inlineExpr(declaration.default, (other, name) => {
      const value = this.get(other) ?? this.declared.get(other)?.default;
      if (value === undefined) throw new Failure('given', withoutValue(name));
      return value;
    });
  }
}

/** Of an expression, those that it reads itself. */
function givensIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  if ('node' in part && part.node === 'given' && 'id' in part) return [String(part.id)];
  return Object.values(part).flatMap(givensIn);
}

function hasNull(value: Expr): boolean {
  return (
    value.node === 'null' || (value.node === 'arrayLiteral' && value.kids.values.some(hasNull))
  );
}

function boundMessage(name: string): string {
  return (
    `The given "${name}" is bound to a claim of the caller's key or token by the project's settings, ` +
    'so a request cannot give it. Leave it out.'
  );
}

function unknownMessage(name: string, path: string, known: readonly string[]): string {
  const rest = known.length === 0 ? 'it has none' : `it has: ${known.join(', ')}`;
  return `${path} has no given "${name}" that a request can give; ${rest}.`;
}

function claimMessage(name: string, claim: string, why: string): string {
  return (
    `The query reads the given "${name}", which the project binds to the claim "${claim}" of your ` +
    `key or token: ${why}.`
  );
}

function valueOf(declaration: Declared, value: unknown, refuse: (why: string) => Failure): Expr {
  const wrong = misfit(declaration.type, value);
  if (wrong !== undefined) throw refuse(wrong);
  // Under a name of its own: the model may not see it, or know it by another.
  const [name, id] = ['value', 'value'];
  const model = {
    contents: { [name]: { type: 'given', name, id } },
    givens: { [id]: declaration },
  };
  try {
    const supplied = resolveSuppliedGivens(
      { [name]: value } as Supplied,
      model as unknown as OfModel,
    );
    const made = supplied.get(id);
    if (made !== undefined) return made;
  } catch (error) {
    throw refuse(`cannot have this value: ${messageOf(error)}`);
  }
  throw refuse('cannot have this value');
}
