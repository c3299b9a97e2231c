import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ColumnInput, ColumnLineage, Plan } from '../src/protocol';
import { FakeHost } from './fake-host';

const host = FakeHost.start();
after(() => host.stop());
host.tables.set('u', [
  { name: 'id', type: 'INTEGER' },
  { name: 'amount', type: 'DOUBLE' },
]);
host.tables.set('e', [
  { name: 'id', type: 'INTEGER' },
  { name: 'name', type: 'VARCHAR' },
  { name: 'moment', type: 'TIMESTAMP' },
  { name: 'tags', type: 'VARCHAR[]' },
  { name: 'place', type: 'STRUCT(city VARCHAR, zip INTEGER)' },
]);

const FLAG = '##! experimental { persistence sql_functions }\n';

/** Of the target with this name; all other targets are built. */
async function lineageOf(source: string, name: string): Promise<Record<string, string[]>> {
  const spec = host.package({ 'm.malloy': FLAG + source });
  const plan = await host.call<Plan>('plan', { package: spec });
  const problems = plan.problems.filter(({ severity }) => severity === 'error');
  assert.deepEqual(problems, []);
  const names = new Map(plan.targets.map((one) => [one.buildId, one.sources[0]?.name ?? '']));
  const target = plan.targets.find((one) => names.get(one.buildId) === name);
  assert.ok(target, `no target ${name}`);
  const { columns } = await host.call<ColumnLineage>('columnLineage', {
    package: spec,
    model: 'm.malloy',
    source: target.sources[0]?.sourceId,
    manifest: Object.fromEntries([...names].map(([id, table]) => [id, `"${table}_1"`])),
  });
  const said = ({ buildId, table, field, use }: ColumnInput) =>
    `${use} ${buildId === null ? table : `[${names.get(buildId)}]`}.${field}`;
  return Object.fromEntries(columns.map((one) => [one.name, one.inputs.map(said).sort()]));
}

test('renames, groups, aggregates and filters of them', async () => {
  const found = await lineageOf(
    `source: base is duckdb.table('t') extend {
       rename: amount is a
       dimension: doubled is amount * 2, big is pick 'yes' when amount > 10 else b
       measure: total is doubled.sum()
     }
     #@ persist
     source: x is base -> {
       group_by: b, label is b, big, const is 'c'
       aggregate: total, yes is total { where: b = 'y' }, n is count(), per is total / count(b)
       calculate: before is lag(total)
     }`,
    'x',
  );
  assert.deepEqual(found, {
    b: ['IDENTITY t.b'],
    label: ['IDENTITY t.b'],
    big: ['CONDITION t.a', 'TRANSFORMATION t.b'],
    const: [],
    total: ['AGGREGATION t.a'],
    yes: ['AGGREGATION t.a', 'CONDITION t.b'],
    n: [],
    per: ['AGGREGATION t.a', 'AGGREGATION t.b'],
    before: ['AGGREGATION t.a'],
  });
});

test('joins, of tables, of queries, and of persisted sources, whose tables are read', async () => {
  const found = await lineageOf(
    `#@ persist
     source: one is duckdb.table('t') -> { group_by: key is a; aggregate: n is count(), m is b.max() }
     source: other is duckdb.table('t') -> { group_by: k is a; aggregate: lowest is b.min() }
     source: ext is one extend { dimension: twice is n * 2 }
     #@ persist
     source: x is ext extend {
       join_one: other on key = other.k
       join_one: raw is duckdb.table('u') on key = raw.id
       join_one: again is one extend { rename: most is m } on key = again.key
     } -> { select: key, twice, other.lowest, raw.*, again.most }`,
    'x',
  );
  assert.deepEqual(found, {
    key: ['IDENTITY [one].key'],
    twice: ['TRANSFORMATION [one].n'],
    lowest: ['AGGREGATION t.b'],
    id: ['IDENTITY u.id'],
    amount: ['IDENTITY u.amount'],
    most: ['IDENTITY [one].m'],
  });
});

test('stages, wildcards, views, refinements, nested tables and what they are made of', async () => {
  const found = await lineageOf(
    `source: base is duckdb.table('t') extend {
       view: by_b is { group_by: b; nest: parts is { group_by: a; aggregate: n is count() } }
     }
     #@ persist
     source: flat is base -> { select: * } -> { group_by: b, up is upper(b); aggregate: s is a.sum() }
     #@ persist
     source: nested is base -> by_b + { aggregate: most is a.max() }
     #@ persist
     source: unnested is base -> by_b -> { select: b, parts.a, parts.n }`,
    'flat',
  );
  assert.deepEqual(found, {
    b: ['IDENTITY t.b'],
    up: ['TRANSFORMATION t.b'],
    s: ['AGGREGATION t.a'],
  });
});

test('a nested table is made of its columns, and they are what they were', async () => {
  const source = `source: base is duckdb.table('t') extend {
       view: by_b is { group_by: b; nest: parts is { group_by: a; aggregate: n is count() } }
     }
     #@ persist
     source: nested is base -> by_b + { aggregate: most is a.max() }
     #@ persist
     source: unnested is nested -> { select: b, parts.a, parts.n }
     #@ persist
     source: staged is base -> by_b -> { select: b, parts.a, parts.n }`;
  assert.deepEqual(await lineageOf(source, 'nested'), {
    b: ['IDENTITY t.b'],
    parts: ['IDENTITY t.a'],
    most: ['AGGREGATION t.a'],
  });
  assert.deepEqual(await lineageOf(source, 'unnested'), {
    b: ['IDENTITY [nested].b'],
    a: ['TRANSFORMATION [nested].parts'],
    n: ['TRANSFORMATION [nested].parts'],
  });
  assert.deepEqual(await lineageOf(source, 'staged'), {
    b: ['IDENTITY t.b'],
    a: ['IDENTITY t.a'],
    n: [],
  });
});

test('what comes out of SQL is not known, and takes nothing else with it', async () => {
  const found = await lineageOf(
    `source: base is duckdb.table('t')
     source: raw is duckdb.sql("select a, b from t")
     #@ persist
     source: x is base extend {
       join_one: raw on a = raw.a
       dimension: hidden is sql_number("\${a} + a")
     } -> { select: b, raw_b is raw.b, hidden, plain is round!(a), mixed is concat(b, raw.b) }
     #@ persist
     source: y is duckdb.sql("select a from t")`,
    'x',
  );
  assert.deepEqual(found, { b: ['IDENTITY t.b'], plain: ['TRANSFORMATION t.a'] });
  assert.deepEqual(
    await lineageOf('#@ persist\nsource: y is duckdb.sql("select a from t")', 'y'),
    {},
  );
});

test('a composite is the one of its sources that is read', async () => {
  const found = await lineageOf(
    `##! experimental.composite_sources
     source: c is compose(duckdb.table('t') extend { except: b }, duckdb.table('u'))
     #@ persist
     source: x is c -> { group_by: a }`,
    'x',
  );
  assert.deepEqual(found, { a: ['IDENTITY t.a'] });
});

test('parameters, measures of joins, windows, orders, times and what a stage adds', async () => {
  const source = `##! experimental { parameters aggregate_order_by }
     source: other(factor::number is 2) is duckdb.table('u') extend {
       dimension: scaled is amount * factor
       measure: most is scaled.max()
     }
     source: events is duckdb.table('e') extend {
       join_many: other(factor is 3) on id = other.id
       view: stage is {
         extend: { dimension: hh is hour(moment), late is moment > @2024-01-01 }
         group_by: hh, weekday is day_of_week(moment), late, month_of is moment.month
         aggregate:
           most is other.most
           names is string_agg(name) { order_by: id }
           share is id.sum() / all(id.sum())
           some is count() { where: late }
         calculate: place is rank() { order_by: most }
         having: id.sum() > 1
         where: name != 'none'
         order_by: hh
         limit: 10
       }
     }
     #@ persist
     source: one is events -> stage
     #@ persist
     source: two is events -> stage -> {
       group_by: hh, both is concat(names, weekday)
       aggregate: n is count(most)
     }`;
  assert.deepEqual(await lineageOf(source, 'one'), {
    hh: ['TRANSFORMATION e.moment'],
    weekday: ['TRANSFORMATION e.moment'],
    late: ['TRANSFORMATION e.moment'],
    month_of: ['TRANSFORMATION e.moment'],
    most: ['AGGREGATION u.amount'],
    names: ['AGGREGATION e.name', 'CONDITION e.id'],
    share: ['AGGREGATION e.id'],
    some: ['CONDITION e.moment'],
    place: ['CONDITION u.amount'],
  });
  assert.deepEqual(await lineageOf(source, 'two'), {
    hh: ['TRANSFORMATION e.moment'],
    both: ['AGGREGATION e.name', 'CONDITION e.id', 'TRANSFORMATION e.moment'],
    n: ['AGGREGATION u.amount'],
  });
});

test('what is nested in what is read is a part of its column', async () => {
  const found = await lineageOf(
    `#@ persist
     source: x is duckdb.table('e') -> { group_by: tag is tags.each, town is place.city }`,
    'x',
  );
  assert.deepEqual(found, { tag: ['TRANSFORMATION e.tags'], town: ['TRANSFORMATION e.place'] });
});
