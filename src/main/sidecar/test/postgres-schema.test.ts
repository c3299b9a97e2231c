import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mkArrayDef } from '@malloydata/malloy';
import type { BasicAtomicTypeDef, Connection } from '@malloydata/malloy';
import { HostConnections } from '../src/connections';
import type { Column } from '../src/protocol';

/** A connection to a database where every table and SELECT has these columns. */
async function warehouse(columns: Column[]): Promise<{ connection: Connection; asked: string[] }> {
  const asked: string[] = [];
  const describe = (_: string, connection: string, what: string): Promise<Column[]> => {
    asked.push(`${connection}: ${what}`);
    return Promise.resolve(columns);
  };
  const connections = new HostConnections(
    {
      id: 'p',
      connections: [
        { name: 'duckdb', type: 'duckdb', digest: 'digest-of-duckdb' },
        { name: 'warehouse', type: 'postgres', digest: 'digest-of-warehouse' },
      ],
      models: [],
      explores: null,
    },
    {
      readModel: () => assert.fail('no model is read'),
      describeTable: describe,
      describeSelect: describe,
      progress: () => undefined,
    },
  );
  return { connection: await connections.lookupConnection('warehouse'), asked };
}

function native(rawType: string): BasicAtomicTypeDef {
  return { type: 'sql native', rawType };
}

const STRING: BasicAtomicTypeDef = { type: 'string' };
const INTEGER: BasicAtomicTypeDef = { type: 'number', numberType: 'integer' };
const FLOAT: BasicAtomicTypeDef = { type: 'number', numberType: 'float' };

const TYPES: [written: string, expected: BasicAtomicTypeDef][] = [
  ['text', STRING],
  ['character varying', STRING],
  ['character', STRING],
  ['"char"', STRING],
  ['name', STRING],
  ['bytea', STRING],
  ['inet', STRING],
  ['interval', STRING],
  ['oid', STRING],
  ['xid', STRING],
  ['regtype', STRING],
  ['smallint', INTEGER],
  ['integer', INTEGER],
  ['bigint', { type: 'number', numberType: 'bigint' }],
  ['numeric', FLOAT],
  ['real', FLOAT],
  ['double precision', FLOAT],
  ['boolean', { type: 'boolean' }],
  ['date', { type: 'date' }],
  ['timestamp without time zone', { type: 'timestamp' }],
  ['timestamp with time zone', { type: 'timestamptz' }],
  ['time without time zone', native('time without time zone')],
  ['uuid', native('uuid')],
  ['json', native('json')],
  ['jsonb', native('jsonb')],
  ['money', native('money')],
  ['USER-DEFINED', native('user-defined')],
];

const COLUMNS = TYPES.flatMap(([type], i) => [
  { name: `Column ${i}`, type },
  { name: `Array ${i}`, type: `${type}[]` },
]);

const FIELDS = TYPES.flatMap(([, type], i) => [
  { ...type, name: `Column ${i}` },
  mkArrayDef(type, `Array ${i}`),
]);

test('the columns of a table get the types of PostgreSQL, and arrays those of their elements', async () => {
  const { connection, asked } = await warehouse(COLUMNS);
  const tables = { key: 'Shop."Orders"' };
  const { schemas, errors } = await connection.fetchSchemaForTables(tables, {});
  assert.deepEqual(errors, {});
  assert.deepEqual(schemas['key'], {
    type: 'table',
    name: 'key',
    dialect: 'postgres',
    tablePath: 'Shop."Orders"',
    connection: 'warehouse',
    fields: FIELDS,
  });
  assert.deepEqual(asked, ['warehouse: Shop."Orders"']);
});

test('the columns of a SELECT get the types of PostgreSQL', async () => {
  const { connection, asked } = await warehouse(COLUMNS);
  const request = { connection: 'warehouse', selectStr: 'SELECT 1' };
  const answer = await connection.fetchSchemaForSQLStruct(request, {});
  assert.ok('structDef' in answer && answer.structDef !== undefined, JSON.stringify(answer));
  assert.equal(answer.structDef.type, 'sql_select');
  assert.equal(answer.structDef.dialect, 'postgres');
  assert.deepEqual(answer.structDef.fields, FIELDS);
  assert.deepEqual(asked, ['warehouse: SELECT 1']);
});

test('a table without a schema is refused, and the host is not asked', async () => {
  const { connection, asked } = await warehouse(COLUMNS);
  const tables = { bare: 'orders', quoted: '"a.b"', full: 'db.shop.orders' };
  const { schemas, errors } = await connection.fetchSchemaForTables(tables, {});
  assert.deepEqual(errors, {
    bare: "The table orders is named without its schema. Write schema.table: warehouse.table('public.orders')",
    quoted: `The table "a.b" is named without its schema. Write schema.table: warehouse.table('public."a.b"')`,
  });
  assert.deepEqual(Object.keys(schemas), ['full']);
  assert.deepEqual(asked, ['warehouse: db.shop.orders']);
});

test('the digest is that of the connection', async () => {
  const { connection } = await warehouse([]);
  assert.equal(connection.getDigest(), 'digest-of-warehouse');
});
