import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PackageRuntime } from '../src/package-runtime';
import { plan } from '../src/plan';
import { prepareQuery } from '../src/prepare';
import { NO_GIVENS } from '../src/protocol';
import type { CheckReport, ModelReport, PackageSpec, Plan, Prepared } from '../src/protocol';
import { FakeHost } from './fake-host';

const host = FakeHost.start();
after(() => host.stop());

const ORDERS = [
  { name: 'id', type: 'bigint' },
  { name: 'customer', type: 'text' },
  { name: 'amount', type: 'numeric' },
  { name: 'at', type: 'timestamp with time zone' },
  { name: 'tags', type: 'text[]' },
  { name: 'a', type: 'integer' },
];
host.tables.set('shop.orders', ORDERS);

const CONNECTIONS = [
  { name: 'duckdb', type: 'duckdb', digest: 'digest-of-duckdb' },
  { name: 'warehouse', type: 'postgres', digest: 'digest-of-warehouse' },
];

function packageOf(files: Record<string, string>, connections = CONNECTIONS): PackageSpec {
  return { ...host.package(files), connections };
}

function planOf(pkg: PackageSpec): Promise<Plan> {
  return host.call<Plan>('plan', { package: pkg });
}

const FLAG = '##! experimental.persistence\n';

const SHOP =
  FLAG +
  'source: orders is warehouse.table("shop.orders") extend {\n' +
  '  measure: n is count(), total is amount.sum()\n' +
  '  view: nested is {\n' +
  '    aggregate: n\n' +
  '    group_by: customer\n' +
  '    nest: by_day is {group_by: on_day is at.day; aggregate: total, n; nest: tagged is {group_by: tags.each}; limit: 2}\n' +
  '    aggregate: total\n' +
  '  }\n' +
  '}\n' +
  '#@ persist name=Customers\n' +
  'source: customers is orders -> {group_by: customer; aggregate: n, total}\n' +
  '#@ persist name="Marts.Sizes"\n' +
  'source: sizes is customers -> {group_by: n; aggregate: total is total.sum(); nest: who is {group_by: customer}}\n' +
  '#@ persist\n' +
  'source: In_SQL is warehouse.sql("""SELECT a, b FROM (%{ customers -> {select: *} }) x""")\n';

const LAKE =
  FLAG + '#@ persist name=Totals\nsource: totals is duckdb.table("t") -> {group_by: a}\n';

const BOTH =
  'import "shop.malloy"\nimport "lake.malloy"\n' +
  '#@ persist name=top_lake\nsource: top_lake is totals -> {group_by: a; limit: 1}\n' +
  '#@ persist name=top_shop\nsource: top_shop is customers -> {group_by: customer; limit: 1}\n';

const FILES = { 'shop.malloy': SHOP, 'lake.malloy': LAKE, 'both.malloy': BOTH };

function tablesOf({ targets }: Plan): Record<string, string> {
  return Object.fromEntries(targets.map((t) => [t.buildId, `built.${t.sources[0]?.name ?? ''}`]));
}

/** What the outermost SELECT calls its columns. */
function columnsOf(sql: string): string[] {
  let outermost = sql;
  for (let inner = ''; inner !== outermost;) {
    inner = outermost;
    outermost = inner.replaceAll(/\([^()]*\)/g, '');
  }
  return [...outermost.matchAll(/ as "(\w+)"/g)].map(([, name]) => name ?? '');
}

const QUERIES: [what: string, query: string, names: string[]][] = [
  ['a query', 'orders -> {group_by: customer; aggregate: n; order_by: n desc}', ['customer', 'n']],
  [
    'a query of all columns',
    'orders -> {select: *}',
    ['a', 'amount', 'at', 'customer', 'id', 'tags'],
  ],
  [
    'a query of several stages',
    'orders -> {group_by: customer, at; aggregate: n} -> {aggregate: m is n.sum(); group_by: customer}',
    ['m', 'customer'],
  ],
  ['a nested query', 'orders -> nested', ['n', 'customer', 'by_day', 'total']],
  [
    'a nested query of several stages',
    'orders -> {nest: p is {group_by: at; aggregate: n} -> {aggregate: m is n.max()}; group_by: customer}',
    ['p', 'customer'],
  ],
  ['a query of a built table', 'customers -> {aggregate: total is total.sum()}', ['total']],
  ['a nested query of a built table', 'sizes -> {group_by: n, who.customer}', ['n', 'customer']],
  ['a query of SQL around a query', 'In_SQL -> {group_by: b, a}', ['b', 'a']],
];

for (const [what, query, names] of QUERIES) {
  test(`${what} answers the columns of its schema, each as it is`, async () => {
    const pkg = packageOf(FILES);
    for (const manifest of [{}, tablesOf(await planOf(pkg))]) {
      const request = { package: pkg, model: 'both.malloy', manifest };
      const text = `run: ${query}`;
      const prepared = await host.call<Prepared>('prepareQuery', {
        ...request,
        query: { kind: 'text', text },
      });
      const { schema } = prepared.result as { schema: { fields: { name: string }[] } };
      assert.equal(prepared.dialect, 'postgres');
      assert.equal(prepared.connectionName, 'warehouse');
      assert.deepEqual(prepared.problems, []);
      assert.deepEqual(
        schema.fields.map((field) => field.name),
        names,
      );
      assert.doesNotMatch(prepared.sql, /row_to_json/);
      assert.deepEqual(columnsOf(prepared.sql), names, prepared.sql);
      const check = { ...request, source: text, includeSql: true };
      assert.equal((await host.call<CheckReport>('checkSource', check)).sql, prepared.sql);
    }
  });
}

test('a query reads the tables of the manifest', async () => {
  const pkg = packageOf(FILES);
  const manifest = tablesOf(await planOf(pkg));
  for (const source of ['customers', 'sizes', 'In_SQL', 'top_shop']) {
    const query = { kind: 'text', text: `run: ${source} -> {select: *}` };
    const request = { package: pkg, model: 'both.malloy', query, manifest };
    const { sql, reads } = await host.call<Prepared>('prepareQuery', request);
    assert.match(sql, new RegExp(`FROM built\\.${source} `));
    assert.deepEqual(
      reads.map(({ buildId, hit }) => [manifest[buildId], hit]),
      [[`built.${source}`, true]],
    );
  }
});

test('a package of two databases has the targets of both, each once', async () => {
  const found = await planOf(packageOf(FILES));
  assert.deepEqual(found.problems, []);
  const names = new Map(found.targets.map((t) => [t.buildId, t.sources[0]?.name]));
  assert.deepEqual(
    found.targets.map((t) => [
      names.get(t.buildId),
      t.connectionName,
      t.dialect,
      t.sources[0]?.path,
      t.dependsOn.map((buildId) => names.get(buildId)),
    ]),
    [
      ['customers', 'warehouse', 'postgres', { segments: ['customers'] }, []],
      ['sizes', 'warehouse', 'postgres', { segments: ['marts', 'sizes'] }, ['customers']],
      ['In_SQL', 'warehouse', 'postgres', { segments: ['in_sql'] }, ['customers']],
      ['totals', 'duckdb', 'duckdb', { segments: ['Totals'] }, []],
      ['top_shop', 'warehouse', 'postgres', { segments: ['top_shop'] }, ['customers']],
      ['top_lake', 'duckdb', 'duckdb', { segments: ['top_lake'] }, ['totals']],
    ],
  );
});

test('the digest of a connection is part of the BuildIDs on it, and of no others', async () => {
  const moved = CONNECTIONS.map((c) => (c.type === 'postgres' ? { ...c, digest: 'another' } : c));
  const before = await planOf(packageOf(FILES));
  const now = await planOf(packageOf(FILES, moved));
  const known = new Set(before.targets.map((t) => t.buildId));
  for (const { buildId, dialect } of now.targets) {
    assert.equal(known.has(buildId), dialect === 'duckdb');
  }
});

test('targets are those of Malloy itself, whose queries end otherwise', async () => {
  const pkg = packageOf(FILES);
  const malloy = new PackageRuntime(pkg, {
    readModel: (_, path) => Promise.resolve(FILES[path as 'shop.malloy']),
    describeTable: (_, __, table) => Promise.resolve(host.tables.get(table) ?? []),
    describeSelect: () => Promise.resolve(host.tables.get('t') ?? []),
    progress: () => undefined,
  });
  const text = 'run: customers -> {select: *}';
  const prepared = await prepareQuery(
    malloy,
    'shop.malloy',
    { kind: 'text', text },
    new Map(),
    NO_GIVENS,
  );
  assert.match(prepared.sql, /row_to_json\(finalStage\)/);
  assert.deepEqual(await planOf(pkg), await plan(malloy));
});

test('a name without quotes is in lower case on PostgreSQL, and as written on DuckDB', async () => {
  const names: [written: string, postgres: string[], duckdb: string[]][] = [
    ['name=Orders_2024', ['orders_2024'], ['Orders_2024']],
    ['name="Marts.Orders"', ['marts', 'orders'], ['Marts', 'Orders']],
    [`name='"Marts".Orders'`, ['Marts', 'orders'], ['Marts', 'Orders']],
    [`name='Marts."Odd ""Name"""'`, ['marts', 'Odd "Name"'], ['Marts', 'Odd "Name"']],
    ['', ['source_4'], ['Source_4']],
  ];
  for (const [table, which] of [
    ['warehouse.table("shop.orders")', 1],
    ['duckdb.table("t")', 2],
  ] as const) {
    const sources = names.map(
      ([written], i) =>
        `#@ persist ${written}\nsource: Source_${i} is ${table} -> {group_by: a; limit: ${i + 1}}\n`,
    );
    const found = await planOf(packageOf({ 'm.malloy': FLAG + sources.join('') }));
    assert.deepEqual(
      found.targets.map((t) => t.sources[0]?.path),
      names.map((name) => ({ segments: name[which] })),
    );
  }
});

test('a table without a schema is a problem where it is named', async () => {
  const asked = host.asked.length;
  const pkg = packageOf({ 'm.malloy': '\nsource: s is warehouse.table("orders")\n' });
  const { ok, problems } = await host.call<ModelReport>('compileModel', {
    package: pkg,
    model: 'm.malloy',
  });
  assert.equal(ok, false);
  assert.deepEqual(
    problems.map((p) => [p.model, p.line, p.column]),
    [['m.malloy', 2, 14]],
  );
  assert.match(problems[0]?.message ?? '', /Write schema\.table: .*'public\.orders'/);
  assert.deepEqual(host.asked.slice(asked), ['readModel m.malloy']);
});

test('a connection that the project lacks, or of another type, is a problem of the model', async () => {
  const snow = { name: 'snow', type: 'snowflake', digest: 'digest-of-snow' };
  for (const [name, message] of [
    ['elsewhere', /no connection "elsewhere".*duckdb, warehouse, snow/],
    ['snow', /"snow" is of type "snowflake", which is not supported/],
  ] as const) {
    const pkg = packageOf({ 'm.malloy': `source: s is ${name}.table("shop.orders")\n` }, [
      ...CONNECTIONS,
      snow,
    ]);
    const found = await planOf(pkg);
    assert.equal(found.problems.length, 1);
    assert.match(found.problems[0]?.message ?? '', message);
  }
});
