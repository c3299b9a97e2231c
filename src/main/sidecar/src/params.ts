import { Failure } from './failure';
import { MAX_TEXT_BYTES } from './protocol';
import type { ConnectionSpec, Givens, PackageSpec, QueryRef, Tables } from './protocol';
import { isObject } from './rpc';

/** Reads the parameters of a request; whatever has the wrong shape is an "invalid" failure. */
export class Params {
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly where = 'params',
  ) {
    if (!isObject(value)) throw new Failure('invalid', `${where} must be an object.`);
    this.fields = value;
  }

  string(key: string): string {
    const value = this.fields[key];
    if (typeof value !== 'string') throw this.wrong(key, 'a string');
    return value;
  }

  /** Text that a caller wrote: at most 1 MiB. */
  callersText(key: string): string {
    const value = this.string(key);
    if (Buffer.byteLength(value) > MAX_TEXT_BYTES) {
      throw new Failure('too_large', `The Malloy text has more than ${MAX_TEXT_BYTES} bytes.`);
    }
    return value;
  }

  boolean(key: string): boolean {
    const value = this.fields[key];
    if (typeof value !== 'boolean') throw this.wrong(key, 'true or false');
    return value;
  }

  object(key: string): Params {
    return new Params(this.fields[key], `${this.where}.${key}`);
  }

  array<T>(key: string, read: (element: unknown, where: string) => T): T[] {
    const value = this.fields[key];
    if (!Array.isArray(value)) throw this.wrong(key, 'an array');
    return value.map((element, i) => read(element, `${this.where}.${key}[${i}]`));
  }

  arrayOrNull<T>(key: string, read: (element: unknown, where: string) => T): T[] | null {
    return this.fields[key] === null ? null : this.array(key, read);
  }

  tables(key: string): Tables {
    const manifest = this.object(key);
    const ids = Object.keys(manifest.fields);
    return new Map(ids.map((buildId) => [buildId, manifest.string(buildId)]));
  }

  package(): PackageSpec {
    const spec = this.object('package');
    return {
      id: spec.string('id'),
      connections: spec.array('connections', readConnection),
      models: spec.array('models', readText),
      explores: spec.arrayOrNull('explores', readText),
    };
  }

  givens(): Givens {
    const givens = this.object('givens');
    const { fields: bound } = givens.object('bound');
    return {
      values: givens.object('values').fields,
      bound: Object.fromEntries(
        Object.entries(bound).map(([name, value]) => {
          const binding = new Params(value, `${this.where}.givens.bound.${name}`);
          return [name, { claim: binding.string('claim'), value: binding.fields['value'] ?? null }];
        }),
      ),
    };
  }

  query(): QueryRef {
    const query = this.object('query');
    const kind = query.string('kind');
    switch (kind) {
      case 'text':
        return { kind, text: query.callersText('text') };
      case 'named':
        return { kind, name: query.string('name') };
      case 'view':
        return { kind, source: query.string('source'), name: query.string('name') };
      default:
        throw query.wrong('kind', '"text", "named" or "view"');
    }
  }

  private wrong(key: string, expected: string): Failure {
    return new Failure('invalid', `${this.where}.${key} must be ${expected}.`);
  }
}

export function readText(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new Failure('invalid', `${where} must be a string.`);
  return value;
}

function readConnection(value: unknown, where: string): ConnectionSpec {
  const fields = new Params(value, where);
  return {
    name: fields.string('name'),
    type: fields.string('type'),
    digest: fields.string('digest'),
  };
}
