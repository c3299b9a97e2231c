import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DuckDBDialect } from '@malloydata/malloy';
import { QueryQuery } from '../node_modules/@malloydata/malloy/dist/model/query_query';
import { PackageRuntime } from '../src/package-runtime';
import { plan } from '../src/plan';
import { prepareQuery } from '../src/prepare';
import { NO_GIVENS } from '../src/protocol';

const DEPTH = 12;
const FLAG = '##! experimental.persistence\n';

/** Each reads the one before it, and joins it. */
const CHAIN = Array.from({ length: DEPTH }, (_, level) => {
  const from =
    level === 0
      ? 'duckdb.table("t")'
      : `s${level - 1} extend { join_one: j is s${level - 1} on a = j.a }`;
  return `#@ persist name=s${level}\nsource: s${level} is ${from} -> { group_by: a; aggregate: n${level} is count() }\n`;
}).join('');

function packageOf(files: Record<string, string>): PackageRuntime {
  return new PackageRuntime(
    {
      id: 'p',
      connections: [{ name: 'duckdb', type: 'duckdb', digest: 'digest' }],
      models: Object.keys(files),
      explores: null,
    },
    {
      readModel: (_, path) => Promise.resolve(files[path] ?? ''),
      describeTable: () => Promise.resolve([{ name: 'a', type: 'INTEGER' }]),
      describeSelect: () => Promise.resolve([{ name: 'a', type: 'INTEGER' }]),
      progress: () => undefined,
    },
  );
}

/** How often Malloy writes the SQL of a query meanwhile, of whatever level. */
async function written<T>(work: () => Promise<T>): Promise<{ times: number; result: T }> {
  const prototype = QueryQuery.prototype as unknown as Record<
    'generateSQLFromPipeline',
    (this: unknown, ...args: unknown[]) => unknown
  >;
  const { generateSQLFromPipeline } = prototype;
  let times = 0;
  prototype.generateSQLFromPipeline = function (...args) {
    times++;
    return generateSQLFromPipeline.apply(this, args);
  };
  try {
    return { result: await work(), times };
  } finally {
    prototype.generateSQLFromPipeline = generateSQLFromPipeline;
  }
}

test('what a chain inlines is written once, not for each that reads of it', async () => {
  const pkg = packageOf({ 'm.malloy': FLAG + CHAIN });
  const { targets } = await plan(pkg);
  const tables = new Map(targets.map(({ buildId }, at) => [buildId, `table_${at}`]));
  const top = `s${DEPTH - 1}`;

  for (const text of [
    `run: ${top} -> { select: * }`,
    `run: ${top} -> { group_by: a }`,
    `run: ${top} extend { join_one: other is s3 on a = other.a } -> { group_by: other.a }`,
  ]) {
    const { times, result } = await written(() =>
      prepareQuery(pkg, 'm.malloy', { kind: 'text', text }, tables, NO_GIVENS),
    );
    assert.match(result.sql, new RegExp(`table_${DEPTH - 1}`));
    assert.ok(times <= 3, `${text} took ${times}`);
  }
});

test('a name that means another source in another model is not taken for it', async () => {
  const source = (aggregate: string): string =>
    `${FLAG}source: base is duckdb.table("t") -> { group_by: a; aggregate: n is ${aggregate} }\n` +
    '#@ persist name=top\nsource: top is base -> { group_by: a, n }\n';
  const files = {
    'one.malloy': source('count()'),
    'two.malloy': source('sum(a)'),
    'both.malloy':
      `${FLAG}import { top } from "one.malloy"\nimport { other is top } from "two.malloy"\n` +
      'source: base is duckdb.table("t")\n',
  };
  const { targets } = await plan(packageOf(files));
  assert.equal(targets.length, 2);
  const tables = new Map(targets.map(({ buildId }, at) => [buildId, `table_${at}`]));

  for (const models of [Object.keys(files), Object.keys(files).reverse()]) {
    const pkg = packageOf(Object.fromEntries(models.map((m) => [m, files[m as 'one.malloy']])));
    for (const [path, source, table] of [
      ['one.malloy', 'top', 'table_0'],
      ['two.malloy', 'top', 'table_1'],
      ['both.malloy', 'top', 'table_0'],
      ['both.malloy', 'other', 'table_1'],
    ] as const) {
      const ref = { kind: 'text', text: `run: ${source} -> { select: * }` } as const;
      const { sql } = await prepareQuery(pkg, path, ref, tables, NO_GIVENS);
      assert.match(sql, new RegExp(`FROM ${table} `), `${source} of ${path}`);
    }
  }
});

test('the functions of all dialects are listed once, not for each text', async () => {
  const pkg = packageOf({ 'm.malloy': FLAG + CHAIN });
  await plan(pkg);
  const dialect = DuckDBDialect.prototype as unknown as Record<
    'getDialectFunctionOverrides',
    () => unknown
  >;
  const { getDialectFunctionOverrides } = dialect;
  dialect.getDialectFunctionOverrides = () => assert.fail('listed again');
  try {
    const text = 'run: s0 -> { group_by: b is greatest(a, 2); aggregate: n is count() }';
    const { sql } = await prepareQuery(
      pkg,
      'm.malloy',
      { kind: 'text', text },
      new Map(),
      NO_GIVENS,
    );
    assert.match(sql, /GREATEST/i);
  } finally {
    dialect.getDialectFunctionOverrides = getDialectFunctionOverrides;
  }
});
