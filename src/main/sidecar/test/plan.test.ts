import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Plan, Target } from '../src/protocol';
import { FakeHost } from './fake-host';

const host = FakeHost.start();
after(() => host.stop());

const FLAG = '##! experimental.persistence\n';

const DIAMOND = {
  'base.malloy':
    FLAG +
    '#@ persist name=base_t\nsource: base is duckdb.table("t") -> {group_by: a, b; aggregate: n is count()}\n' +
    '#@ persist name=left_t\nsource: left_side is base -> {group_by: a; aggregate: s is n.sum()}\n',
  'reports/top.malloy':
    'import "../base.malloy"\n' +
    '#@ persist name=right_t\nsource: right_side is base -> {group_by: a; aggregate: m is n.max()}\n' +
    '#@ persist name="marts.top"\n' +
    'source: top is left_side extend {join_one: right_side on a = right_side.a} -> {group_by: a, right_side.m, s}\n',
};

async function planOf(files: Record<string, string>): Promise<Plan> {
  return host.call<Plan>('plan', { package: host.package(files) });
}

async function planOne(source: string): Promise<Plan> {
  return planOf({ 'm.malloy': FLAG + source });
}

function find(plan: Plan, declaredName: string): Target {
  const found = plan.targets.find((t) => t.sources[0]?.declaredName === declaredName);
  assert.ok(found, `no target named ${declaredName} in ${JSON.stringify(plan)}`);
  return found;
}

function sourceNames(target: Target | undefined): string[] {
  return (target?.sources ?? []).map((source) => source.name);
}

test('a diamond over two models is four targets, each once, with its direct dependencies', async () => {
  const plan = await planOf(DIAMOND);
  assert.deepEqual(plan.problems, []);
  assert.deepEqual(
    plan.models.map(({ path, ok, persistence, imports }) => [path, ok, persistence, imports]),
    [
      ['base.malloy', true, true, []],
      ['reports/top.malloy', true, true, ['base.malloy']],
    ],
  );
  assert.equal(plan.targets.length, 4);
  const base = find(plan, 'base_t');
  const left = find(plan, 'left_t');
  const right = find(plan, 'right_t');
  const top = find(plan, 'marts.top');
  assert.deepEqual(base.dependsOn, []);
  assert.deepEqual(left.dependsOn, [base.buildId]);
  assert.deepEqual(right.dependsOn, [base.buildId]);
  assert.deepEqual([...top.dependsOn].sort(), [left.buildId, right.buildId].sort());
  assert.match(base.buildId, /^[0-9a-f]{64}$/);
  assert.equal(base.connectionName, 'duckdb');
  assert.equal(base.dialect, 'duckdb');
});

test('a join of an extension is a dependency, though Malloy counts the extension as its base', async () => {
  const plan = await planOne(
    '#@ persist name=base_t\nsource: base is duckdb.table("t") -> {group_by: a}\n' +
      '#@ persist name=other_t\nsource: other is duckdb.table("t") -> {group_by: a, b}\n' +
      'source: ext is base extend {join_one: other on a = other.a; join_many: unused is other on true}\n' +
      '#@ persist name=top_t\nsource: top is ext -> {group_by: a, other.b}\n',
  );
  const expected = [find(plan, 'base_t').buildId, find(plan, 'other_t').buildId];
  assert.deepEqual([...find(plan, 'top_t').dependsOn].sort(), expected.sort());
  assert.deepEqual(find(plan, 'base_t').dependsOn, []);
});

test('a source is reported where it is declared, also when an importer names it first', async () => {
  const plan = await planOf({
    'first.malloy': 'import {renamed is base} from "base.malloy"\n',
    'base.malloy': FLAG + '\n#@ persist\nsource: base is duckdb.table("t") -> {group_by: a}\n',
  });
  assert.equal(plan.targets.length, 1);
  assert.deepEqual(plan.targets[0]?.sources, [
    {
      name: 'base',
      sourceId: plan.targets[0]?.sources[0]?.sourceId,
      model: 'base.malloy',
      line: 4,
      column: 9,
      declaredName: null,
      path: { segments: ['base'] },
    },
  ]);
});

test('the digest of the connection is part of every BuildID', async () => {
  const pkg = host.package(DIAMOND);
  const one = await host.call<Plan>('plan', { package: pkg });
  const connections = [{ name: 'duckdb', type: 'duckdb', digest: 'another' }];
  const moved = { ...host.package(DIAMOND), connections };
  const other = await host.call<Plan>('plan', { package: moved });
  assert.notEqual(find(one, 'base_t').buildId, find(other, 'base_t').buildId);
  const again = await planOf(DIAMOND);
  assert.equal(find(one, 'base_t').buildId, find(again, 'base_t').buildId);
});

test('an extension that inherits persist is the same target as its base', async () => {
  const plan = await planOne(
    '#@ persist name=base_t\nsource: base is duckdb.table("t") -> {group_by: a}\n' +
      'source: wider is base extend {dimension: twice is a * 2}\n',
  );
  assert.equal(plan.targets.length, 1);
  assert.deepEqual(sourceNames(plan.targets[0]), ['base', 'wider']);
  assert.deepEqual(
    plan.targets[0]?.sources.map((source) => source.declaredName),
    ['base_t', 'base_t'],
  );
});

test('differing names on one target are all reported', async () => {
  const plan = await planOne(
    '#@ persist name=one\nsource: base is duckdb.table("t") -> {group_by: a}\n' +
      '#@ persist name=two\nsource: wider is base extend {dimension: twice is a * 2}\n',
  );
  assert.deepEqual(
    plan.targets.map((t) => t.sources.map((source) => source.declaredName)),
    [['one', 'two']],
  );
});

test('#@ -persist takes an extension out of the target', async () => {
  const plan = await planOne(
    '#@ persist name=base_t\nsource: base is duckdb.table("t") -> {group_by: a}\n' +
      '#@ -persist\nsource: live is base extend {dimension: twice is a * 2}\n',
  );
  assert.deepEqual(plan.targets.map(sourceNames), [['base']]);
});

test('a SQL source depends on what it interpolates', async () => {
  const plan = await planOne(
    '#@ persist name=base_t\nsource: base is duckdb.table("t") -> {group_by: a}\n' +
      '#@ persist name=ranked\nsource: ranked is duckdb.sql("""SELECT a, b FROM %{ base } x""")\n',
  );
  assert.deepEqual(plan.problems, []);
  assert.deepEqual(find(plan, 'ranked').dependsOn, [find(plan, 'base_t').buildId]);
});

test('a malformed annotation is an error with its line, also when asked again', async () => {
  const pkg = host.package({
    'm.malloy': FLAG + '#@ persist name=a.b\nsource: s is duckdb.table("t") -> {group_by: a}\n',
  });
  for (const attempt of [1, 2]) {
    const plan = await host.call<Plan>('plan', { package: pkg });
    assert.deepEqual(plan.targets, [], `attempt ${attempt}`);
    assert.equal(plan.problems.length, 1, `attempt ${attempt}`);
    const [problem] = plan.problems;
    assert.equal(problem?.severity, 'error');
    assert.equal(problem.model, 'm.malloy');
    assert.equal(problem.line, 2);
    assert.match(problem.message, /quotes/);
  }
});

test('a name that the annotation cuts at a dash is an error, not a table with half the name', async () => {
  const plan = await planOne(
    '#@ persist name=my-table\nsource: s is duckdb.table("t") -> {group_by: a}\n',
  );
  assert.deepEqual(
    plan.problems.map((p) => [p.severity, p.code, p.line]),
    [['error', 'persist-name', 2]],
  );
});

test('a model that does not compile leaves the targets of the others', async () => {
  const plan = await planOf({
    'bad.malloy': FLAG + 'source: x is duckdb.table("missing")\n',
    'base.malloy': DIAMOND['base.malloy'],
    'importer.malloy': 'import "bad.malloy"\n',
  });
  assert.deepEqual(
    plan.models.map((model) => [model.path, model.ok, model.problems.length]),
    [
      ['bad.malloy', false, 1],
      ['base.malloy', true, 0],
      ['importer.malloy', false, 1],
    ],
  );
  assert.deepEqual(
    plan.problems.map((p) => [p.model, p.line, p.column, p.message]),
    [['bad.malloy', 2, 14, 'The table missing does not exist.']],
  );
  assert.equal(plan.targets.length, 2);
  const reads = host.asked.filter((line) => line === 'readModel bad.malloy');
  assert.equal(reads.length, 1);
});

test('what a query does with a missing table does not hide that it is missing', async () => {
  const plan = await planOne(
    '#@ persist\nsource: s is duckdb.table("missing") -> {\n' +
      '  group_by: d is x::date\n  aggregate: n is count(), low is a.min(), c is count(b), f is avg(y)\n}\n',
  );
  assert.deepEqual(plan.problems.map((p) => [p.message, p.line, p.column]).slice(0, 1), [
    ['The table missing does not exist.', 3, 14],
  ]);
});

test('a model without the persistence flag has no targets, and says that persist does nothing', async () => {
  const plan = await planOf({
    'm.malloy': '#@ persist\nsource: s is duckdb.table("t") -> {group_by: a}\n',
  });
  assert.deepEqual(plan.targets, []);
  assert.deepEqual(
    plan.models.map(({ ok, persistence, problems }) => [
      ok,
      persistence,
      problems.map((p) => p.code),
    ]),
    [[true, false, ['persist-no-flag']]],
  );
});

test('names become the segments that the dialect reads, or its reason to refuse them', async () => {
  const names: [written: string, expected: string[] | RegExp][] = [
    ['name=orders_2024', ['orders_2024']],
    ['name="marts.orders"', ['marts', 'orders']],
    [`name='marts."Odd ""name"""'`, ['marts', 'Odd "name"']],
    [`name='x"; drop table y; --'`, /Invalid/],
    [`name='"x; drop table y"'`, /forbidden/],
    [`name="data/orders.csv"`, /Invalid/],
    [`name="my-table"`, /quotes of its own/],
    ['name=""', /empty/],
    ['name=[a, b]', /no text/],
  ];
  const sources = names.map(
    ([written], i) =>
      `#@ persist ${written}\nsource: s${i} is duckdb.table("t") -> {group_by: a; limit: ${i + 1}}\n`,
  );
  const plan = await planOne(sources.join(''));
  assert.equal(plan.targets.length, names.length);
  for (const [i, [written, expected]] of names.entries()) {
    const path = plan.targets.flatMap((t) => t.sources).find((s) => s.name === `s${i}`)?.path;
    assert.ok(path, written);
    if (Array.isArray(expected)) assert.deepEqual(path, { segments: expected }, written);
    else assert.match('problem' in path ? path.problem : JSON.stringify(path), expected, written);
  }
});

test('a source that one table cannot answer for is refused', async () => {
  const plan = await planOne(
    '##! experimental.givens\n##! experimental.parameters\n' +
      'given: WANTED :: number is 1\n' +
      '#@ persist\nsource: given_s is duckdb.table("t") -> {group_by: a; where: a = $WANTED}\n' +
      '#@ persist\nsource: param_s(p::number is 1) is duckdb.table("t") -> {group_by: a; limit: 2}\n' +
      '#(authorize) user\n#@ persist\nsource: gated_s is duckdb.table("t") -> {group_by: a; limit: 3}\n',
  );
  assert.deepEqual(
    plan.problems.map((p) => [p.severity, p.code, p.model, p.line]),
    [
      ['error', 'persist-given', 'm.malloy', 6],
      ['error', 'persist-parameter', 'm.malloy', 8],
      ['error', 'persist-authorize', 'm.malloy', 11],
    ],
  );
});

test('persist where Malloy ignores it is a warning', async () => {
  const plan = await planOne(
    '#@ persist\nsource: s is duckdb.table("t")\n' +
      '#@ persist\nquery: q is duckdb.table("t") -> {group_by: a}\n',
  );
  assert.deepEqual(plan.targets, []);
  assert.deepEqual(
    plan.problems.map((p) => [p.severity, p.code, p.line]),
    [
      ['warn', 'persist-ignored', 3],
      ['warn', 'persist-ignored', 5],
    ],
  );
});

test('a composition of a persisted source is a warning', async () => {
  const plan = await planOne(
    '##! experimental.composite_sources\n' +
      'source: t is duckdb.table("t")\n' +
      '#@ persist\nsource: part is t -> {group_by: a}\n' +
      'source: both is compose(part, t)\n',
  );
  assert.deepEqual(
    plan.problems.map((p) => [p.severity, p.code, p.line]),
    [['warn', 'persist-composite', 6]],
  );
});

test('the SQL of a build reads the tables of its built dependencies', async () => {
  const pkg = host.package(DIAMOND);
  const plan = await host.call<Plan>('plan', { package: pkg });
  const left = find(plan, 'left_t').sources[0];
  const manifest = { [find(plan, 'base_t').buildId]: '"main"."base_t__k3"' };
  const request = { package: pkg, model: left?.model, source: left?.sourceId };
  const built = await host.call<{ sql: string }>('buildSql', { ...request, manifest });
  assert.match(built.sql, /FROM "main"\."base_t__k3" as base/);
  const inlined = await host.call<{ sql: string }>('buildSql', { ...request, manifest: {} });
  assert.doesNotMatch(inlined.sql, /base_t__k3/);
  assert.equal(inlined.sql, find(plan, 'left_t').sql);
});

test('where models read a declared name by table() or SQL is told once for each file', async () => {
  host.tables.set('by_b', [{ name: 'a', type: 'INTEGER' }]);
  const plan = await planOf({
    'base.malloy':
      FLAG +
      '#@ persist name=By_B\nsource: base is duckdb.table("t") -> {group_by: b}\n' +
      'source: past is duckdb.table("by_b")\n' +
      'source: wider is past extend {dimension: c is a}\n' +
      'source: elsewhere is duckdb.table("t")\n',
    'other.malloy':
      'import "base.malloy"\n' +
      'source: own is elsewhere extend {join_one: x is duckdb.sql("from BY_B") on a = x.a}\n',
  });
  assert.deepEqual(
    plan.reads.map(({ table, sql, model, line }) => [table, sql, model, line]),
    [
      ['by_b', null, 'base.malloy', 4],
      [null, 'from BY_B', 'other.malloy', 2],
    ],
  );
});

test('what is built from a restricted source is refused too', async () => {
  const plan = await planOne(
    '#(authorize) user\nsource: gated is duckdb.table("t")\n' +
      '#@ persist\nsource: from_gated is gated -> {group_by: a}\n' +
      'source: joins is duckdb.table("t") extend {join_one: g is gated on a = g.a}\n' +
      '#@ persist\nsource: from_join is joins -> {group_by: b}\n',
  );
  assert.deepEqual(
    plan.problems.map((p) => [p.code, p.line]),
    [
      ['persist-authorize', 5],
      ['persist-authorize', 8],
    ],
  );
});
