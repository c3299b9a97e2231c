import type { Given } from '../api/types';

/** What was written for givens, by their names; those that aren't in it have their defaults. */
export type Entered = Readonly<Record<string, string>>;

export type Kind = 'text' | 'number' | 'boolean' | 'date' | 'datetime-local' | 'json';

/** What a given is written as, by its type in Malloy's words. */
export function kindOf(type: string): Kind {
  if (type.endsWith('[]') || type.startsWith('{')) return 'json';
  switch (type) {
    case 'number':
    case 'boolean':
    case 'date':
      return type;
    case 'timestamp':
      return 'datetime-local';
    default:
      return 'text';
  }
}

/**
 * The values that are sent with a query.
 *
 * @throws Error for one that is no JSON, where its type needs that
 */
export function valuesOf(givens: readonly Given[], entered: Entered): Record<string, unknown> {
  const set = givens.flatMap((given): [string, unknown][] => {
    const text = given.bound ? undefined : entered[given.name];
    return text === undefined ? [] : [[given.name, valueOf(given, text)]];
  });
  return Object.fromEntries(set);
}

function valueOf({ name, type }: Given, text: string): unknown {
  switch (kindOf(type)) {
    case 'boolean':
      return text === 'true';
    case 'json':
      try {
        return JSON.parse(text);
      } catch (cause) {
        throw new Error(`The given ${name} is written as JSON: ${example(type)}`, { cause });
      }
    default:
      // A number stays a text, which has all its digits.
      return text;
  }
}

/** Such a value, to be seen where it is written. */
export function example(type: string): string {
  if (type.endsWith('[]')) return '["a", "b"]';
  if (type.startsWith('{')) return '{"name": "a"}';
  return type === 'timestamptz' ? '2024-12-31T23:59:59Z' : '';
}

/** Reads what {@link texted} has written; nothing, where it is something else. */
export function enteredIn(text: string | null): Entered {
  if (text === null) return {};
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null) return {};
    return Object.fromEntries(
      Object.entries(read).filter((one): one is [string, string] => typeof one[1] === 'string'),
    );
  } catch {
    return {};
  }
}

/** For an address; undefined where nothing was written. */
export function texted(entered: Entered): string | undefined {
  return Object.keys(entered).length === 0 ? undefined : JSON.stringify(entered);
}
