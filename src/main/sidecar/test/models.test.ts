import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ModelReport, PackageSpec, Plan } from '../src/protocol';
import { FakeHost } from './fake-host';

const host = FakeHost.start();
after(() => host.stop());

function compile(pkg: PackageSpec, model: string): Promise<ModelReport> {
  return host.call<ModelReport>('compileModel', { package: pkg, model });
}

/** [message, model, line, column] of the only problem of the model. */
async function onlyProblem(files: Record<string, string>, model: string) {
  const report = await compile(host.package(files), model);
  assert.equal(report.ok, false);
  assert.equal(report.modelInfo, null);
  assert.equal(report.problems.length, 1, JSON.stringify(report.problems));
  const p = report.problems[0] ?? assert.fail();
  return { message: p.message, at: [p.model, p.line, p.column] };
}

test('a report lists what the model declares, with positions, and what it imports', async () => {
  const report = await compile(
    host.package({
      'models/m.malloy':
        '##! experimental.persistence\nimport "../base.malloy"\n' +
        '#@ persist\nsource: kept is base -> {group_by: a}\n' +
        '  source: live is base extend {}\n' +
        'query: q is live -> {group_by: a}\n',
      'base.malloy': 'source: base is duckdb.table("t")\n',
    }),
    'models/m.malloy',
  );
  assert.deepEqual(report.problems, []);
  assert.equal(report.ok, true);
  assert.equal(report.persistence, true);
  assert.deepEqual(report.imports, ['base.malloy']);
  assert.deepEqual(report.sources, [
    { name: 'kept', persisted: true, gated: false, line: 4, column: 9 },
    { name: 'live', persisted: false, gated: false, line: 5, column: 11 },
  ]);
  assert.deepEqual(report.queries, [{ name: 'q', line: 6, column: 8 }]);
  const { entries } = report.modelInfo as { entries: { name: string }[] };
  assert.deepEqual(
    entries.map((entry) => entry.name),
    ['kept', 'live', 'q'],
  );
});

test('a source that is exported from another file has no position in this one', async () => {
  const pkg = host.package({
    'm.malloy': 'import "base.malloy"\nexport { base }\n',
    'base.malloy': 'source: base is duckdb.table("t")\n',
  });
  const report = await compile(pkg, 'm.malloy');
  assert.deepEqual(report.sources, [
    { name: 'base', persisted: false, gated: false, line: null, column: null },
  ]);
});

test('a source is not called persisted in a model without the persistence flag', async () => {
  const pkg = host.package({
    'm.malloy': '#@ persist\nsource: s is duckdb.table("t") -> {group_by: a}\n',
  });
  const report = await compile(pkg, 'm.malloy');
  assert.deepEqual(report.sources, [
    { name: 's', persisted: false, gated: false, line: 2, column: 9 },
  ]);
});

test('a mistake in an imported file is reported in that file', async () => {
  const found = await onlyProblem(
    {
      'm.malloy': 'import "lib/x.malloy"\n',
      'lib/x.malloy': '\nsource: x is duckdb.table("t") extend {\n  dimension: d is missing\n}\n',
    },
    'm.malloy',
  );
  assert.deepEqual(found.at, ['lib/x.malloy', 3, 19]);
  assert.match(found.message, /'missing' is not defined/);
});

test('what the server says of a table or a SELECT is the diagnostic of the model', async () => {
  const table = await onlyProblem(
    { 'm.malloy': 'source: x is duckdb.table("absent")\n' },
    'm.malloy',
  );
  assert.deepEqual(table, {
    message: 'The table absent does not exist.',
    at: ['m.malloy', 1, 14],
  });
  const sql = await onlyProblem({ 'm.malloy': 'source: x is duckdb.sql("broken")\n' }, 'm.malloy');
  assert.match(sql.message, /Parser error near "broken"/);
  assert.deepEqual(sql.at, ['m.malloy', 1, 14]);
});

test('a failure to describe a table is not remembered', async () => {
  const pkg = host.package({ 'm.malloy': 'source: x is duckdb.table("late")\n' });
  assert.equal((await compile(pkg, 'm.malloy')).ok, false);
  host.tables.set('late', [{ name: 'a', type: 'DECIMAL(18,3)' }]);
  assert.equal((await compile(pkg, 'm.malloy')).ok, true);
});

test('a connection that the project lacks is named, with those it has', async () => {
  const found = await onlyProblem(
    { 'm.malloy': 'source: x is warehouse.table("t")\n' },
    'm.malloy',
  );
  assert.match(found.message, /no connection "warehouse".*duckdb/);
});

test('columns keep their order and get the types of the database', async () => {
  host.tables.set('wide', [
    { name: 'zulu', type: 'DECIMAL(18,3)' },
    { name: '2', type: 'TIMESTAMP' },
    { name: '1', type: 'STRUCT(x INTEGER, y VARCHAR)[]' },
    { name: '__proto__', type: 'BOOLEAN' },
  ]);
  const pkg = host.package({ 'm.malloy': 'source: wide is duckdb.table("wide")\n' });
  const report = await compile(pkg, 'm.malloy');
  const { entries } = report.modelInfo as {
    entries: { schema: { fields: { name: string; kind: string; type?: { kind: string } }[] } }[];
  };
  assert.deepEqual(
    entries[0]?.schema.fields.map((field) => [field.name, field.type?.kind ?? field.kind]),
    [
      ['zulu', 'number_type'],
      ['2', 'timestamp_type'],
      ['1', 'array_type'],
      ['__proto__', 'boolean_type'],
    ],
  );
});

test('nested paths with spaces and other scripts are one model, loaded or imported', async () => {
  const odd = 'über uns/日本 (1), a+b&c;d=#?.malloy';
  const plan = await host.call<Plan>('plan', {
    package: host.package({
      'top.malloy': `import "${odd.replace('#', '%23').replace('?', '%3F')}"\n`,
      [odd]:
        '##! experimental.persistence\nimport "../lib.malloy"\n' +
        '#@ persist\nsource: s is lib -> {group_by: a}\n',
      'lib.malloy': 'source: lib is duckdb.table("t")\n',
    }),
  });
  assert.deepEqual(plan.problems, []);
  assert.deepEqual(
    plan.targets.map((target) => target.sources.map((source) => source.model)),
    [[odd]],
  );
  const reads = host.asked.filter((line) => line === `readModel ${odd}`);
  assert.equal(reads.length, 1);
});

test('a file name that no import could name is refused with the reason', async () => {
  for (const path of ['100%.malloy', 'a%20b.malloy', '../up.malloy', './here.malloy']) {
    const found = await onlyProblem({ [path]: 'source: x is duckdb.table("t")\n' }, path);
    assert.match(found.message, /cannot be used/, path);
    assert.equal(found.at[0], path);
  }
});

test('the import of a missing file says so at the import', async () => {
  const found = await onlyProblem({ 'm.malloy': '\nimport "lib/none.malloy"\n' }, 'm.malloy');
  assert.match(found.message, /There is no file "lib\/none\.malloy" in the package/);
  assert.doesNotMatch(found.message, /ingot:/);
  assert.deepEqual(found.at, ['m.malloy', 2, 8]);
});

test('imports that leave the package are refused before the server is asked', async () => {
  const outside = [
    '../x.malloy',
    '../../../../etc/passwd',
    '/etc/passwd',
    'file:///etc/passwd',
    'http://elsewhere.example/x.malloy',
    '%2e%2e/x.malloy',
  ];
  for (const target of outside) {
    const before = host.asked.length;
    const found = await onlyProblem({ 'm.malloy': `import "${target}"\n` }, 'm.malloy');
    assert.match(found.message, /not in the package/, target);
    assert.deepEqual(found.at, ['m.malloy', 1, 8], target);
    assert.deepEqual(host.asked.slice(before), ['readModel m.malloy'], target);
  }
});

test('an import that disguises a name is told to write it as it is', async () => {
  const found = await onlyProblem(
    { 'm.malloy': 'import "lib%2Fx.malloy"\n', 'lib/x.malloy': '' },
    'm.malloy',
  );
  assert.match(found.message, /"lib\/x\.malloy"/);
});

test('models that import each other are an error that shows the circle', async () => {
  const files = {
    'top.malloy': 'import "shared.malloy"\nimport "a.malloy"\n',
    'shared.malloy': 'source: shared is duckdb.table("t")\n',
    'a.malloy':
      'import {shared} from "shared.malloy"\nimport "sub/b.malloy"\nsource: a is duckdb.table("t")\n',
    'sub/b.malloy': '\n  import "../a.malloy"\nsource: b is duckdb.table("t")\n',
  };
  const found = await onlyProblem(files, 'top.malloy');
  assert.match(found.message, /: a\.malloy → sub\/b\.malloy → a\.malloy/);
  assert.deepEqual(found.at, ['sub/b.malloy', 2, 10]);
  const self = await onlyProblem({ 'me.malloy': 'import "me.malloy"\n' }, 'me.malloy');
  assert.match(self.message, /me\.malloy → me\.malloy/);
});

test('expressions nested too deeply are a problem of their model', async () => {
  const deep = `${'('.repeat(20_000)}1${')'.repeat(20_000)}`;
  const pkg = host.package({
    'deep.malloy': `source: s is duckdb.table("t") extend {dimension: d is ${deep}}\n`,
    'fine.malloy': 'source: f is duckdb.table("t")\n',
  });
  assert.equal((await compile(pkg, 'deep.malloy')).ok, false);
  assert.equal((await compile(pkg, 'fine.malloy')).ok, true);
});

test('a warning of a file is kept when its importer was compiled first', async () => {
  const files = {
    'first.malloy': 'import "warned.malloy"\n',
    'warned.malloy': 'source: s is duckdb.table("t") extend {dimension: n is null}\n',
  };
  const direct = await compile(host.package(files), 'warned.malloy');
  assert.equal(direct.problems[0]?.severity, 'warn');
  const pkg = host.package(files);
  await compile(pkg, 'first.malloy');
  assert.deepEqual((await compile(pkg, 'warned.malloy')).problems, direct.problems);
});

for (const [written, path] of [
  ['o.csv', 'o.csv'],
  ['mart.orders', 'mart.orders'],
  ['temp.csv', '"temp.csv"'],
  ['Information_Schema.csv', '"Information_Schema.csv"'],
  ['temp.orders', 'temp.orders'],
  ['o.csv.gz', '"o.csv.gz"'],
  ['a.b.parquet', '"a.b.parquet"'],
  ['temp-1.csv', "'temp-1.csv'"],
] as const) {
  test(`a table ${written} is asked for as ${path}`, async () => {
    host.tables.set(path, [{ name: 'a', type: 'INTEGER' }]);
    const report = await compile(
      host.package({ 'm.malloy': `source: s is duckdb.table("${written}")` }),
      'm.malloy',
    );
    assert.deepEqual(report.problems, []);
    assert.ok(host.asked.includes(`describeTable ${path}`), host.asked.join());
  });
}
