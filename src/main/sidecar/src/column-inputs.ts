import type { ColumnInput, ColumnUse } from './protocol';

/** The columns that a value is made of; undefined where that isn't known for all of it. */
export type Inputs = ReadonlyMap<string, ColumnInput> | undefined;

export const NO_INPUTS: Inputs = new Map();

/** From what leaves a value as it is to what only decides over it. */
const USES: readonly ColumnUse[] = ['IDENTITY', 'TRANSFORMATION', 'AGGREGATION', 'CONDITION'];

export function inputOf(input: ColumnInput): Inputs {
  return new Map([[keyOf(input), input]]);
}

/** The same, further used. */
export function used(use: ColumnUse, inputs: Inputs): Inputs {
  if (inputs === undefined || use === 'IDENTITY') return inputs;
  return both(
    [...inputs.values()].map((input) => inputOf({ ...input, use: more(use, input.use) })),
  );
}

export function both(parts: readonly Inputs[]): Inputs {
  const all = new Map<string, ColumnInput>();
  for (const part of parts) {
    if (part === undefined) return undefined;
    for (const [key, input] of part) all.set(key, input);
  }
  return all;
}

function more(one: ColumnUse, other: ColumnUse): ColumnUse {
  return USES.indexOf(one) > USES.indexOf(other) ? one : other;
}

/** A column may be used in several ways. */
function keyOf({ buildId, connectionName, table, field, use }: ColumnInput): string {
  return JSON.stringify([buildId, connectionName, table, field, use]);
}
