// What Malloy itself reads filters with, and doesn't export.
import {
  BooleanFilterExpression,
  NumberFilterExpression,
  StringFilterExpression,
  TemporalFilterExpression,
} from '../node_modules/@malloydata/malloy-filter/dist/index';
import { typeText } from './given-list';
import type { GivenType } from './given-list';
import { isObject } from './rpc';

/** Longer ones take the parser too long, or too deep. */
const MAX_FILTER = 10_000;

const NUMBER = /^-?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$/;
const ZONED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

/**
 * Why a value can't be that of a given, as the rest of a sentence; undefined when it can. What
 * passes here is what Malloy writes into SQL as a literal of its own: texts are quoted, all else has
 * a form that needs no quotes.
 */
export function misfit(type: GivenType, value: unknown): string | undefined {
  if (value === null) {
    return type.type === 'filter expression' ? expected(type, value) : undefined;
  }
  switch (type.type) {
    case 'string':
      return typeof value === 'string' ? unwritable(value) : expected(type, value);
    case 'number':
      return isNumber(value) ? undefined : expected(type, value);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : expected(type, value);
    case 'date':
      return isOneOf(DATE, value) ? undefined : `${expected(type, value)}, such as 2024-12-31`;
    case 'timestamp':
      return isOneOf(MOMENT, value)
        ? undefined
        : `${expected(type, value)} without a zone, such as 2024-12-31T23:59:59`;
    case 'timestamptz':
      return isOneOf(ZONED, value)
        ? undefined
        : `${expected(type, value)} with a zone, such as 2024-12-31T23:59:59Z`;
    case 'filter expression':
      return typeof value === 'string' ? badFilter(type.filterType, value) : expected(type, value);
    case 'array':
      return Array.isArray(value) ? misfitElement(type, value) : expected(type, value);
    case 'record':
      return isObject(value) && !Array.isArray(value)
        ? misfitField(type.fields, value)
        : expected(type, value);
    default:
      return `is of type ${typeText(type)}, which no request can give`;
  }
}

type ArrayType = Extract<GivenType, { type: 'array' }>;
type Field = Extract<GivenType, { type: 'record' }>['fields'][number];

function misfitElement(type: ArrayType, values: readonly unknown[]): string | undefined {
  for (const [i, value] of values.entries()) {
    const wrong =
      'fields' in type
        ? misfit({ type: 'record', fields: type.fields }, value)
        : misfit(type.elementTypeDef, value);
    if (wrong !== undefined) return `has an element ${i} that ${wrong}`;
  }
  return undefined;
}

function misfitField(
  fields: readonly Field[],
  record: Readonly<Record<string, unknown>>,
): string | undefined {
  const names = fields.map(({ name }) => name);
  const stranger = Object.keys(record).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    return `has no field "${stranger}"; its fields are ${names.join(', ')}`;
  }
  for (const field of fields) {
    if (!Object.hasOwn(record, field.name)) return `lacks the field "${field.name}"`;
    const wrong = misfit(field as unknown as GivenType, record[field.name]);
    if (wrong !== undefined) return `has a field "${field.name}" that ${wrong}`;
  }
  return undefined;
}

function expected(type: GivenType, value: unknown): string {
  return `is of type ${typeText(type)}; it was given ${described(value)}`;
}

function described(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'string':
      return 'another text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'an object';
  }
}

/** Also as a text, for those that JSON's readers would round. */
function isNumber(value: unknown): boolean {
  return typeof value === 'number' ? Number.isFinite(value) : isMatch(NUMBER, value);
}

function isMatch(form: RegExp, value: unknown): value is string {
  return typeof value === 'string' && form.test(value);
}

/** Whether it has the form, and its day is in the calendar. */
function isOneOf(form: RegExp, value: unknown): boolean {
  if (!isMatch(form, value)) return false;
  const day = value.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  const moment = new Date(value.replace(' ', 'T'));
  return (
    !Number.isNaN(midnight.getTime()) &&
    midnight.toISOString().slice(0, 10) === day &&
    !Number.isNaN(moment.getTime())
  );
}

/** No database takes them in a text. */
function unwritable(text: string): string | undefined {
  if (text.includes('\0')) return 'has a character NUL in it';
  return /\p{Surrogate}/u.test(text) ? 'has half a character in it' : undefined;
}

function badFilter(kind: string, text: string): string | undefined {
  const wrong = unwritable(text);
  if (wrong !== undefined) return wrong;
  if (text.length > MAX_FILTER) return `has more than ${MAX_FILTER} characters`;
  try {
    const [first] = parserOf(kind).parse(text).log;
    return first === undefined ? undefined : `is no filter<${kind}>: ${first.message}`;
  } catch (error) {
    if (error instanceof RangeError) return 'is nested too deeply';
    throw error;
  }
}

function parserOf(kind: string): { parse(text: string): { log: { message: string }[] } } {
  switch (kind) {
    case 'string':
      return StringFilterExpression;
    case 'number':
      return NumberFilterExpression;
    case 'boolean':
      return BooleanFilterExpression;
    default:
      return TemporalFilterExpression;
  }
}
