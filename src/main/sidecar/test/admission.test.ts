import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { CheckReport, PackageSpec, Prepared, QueryRef } from '../src/protocol';
import { FakeHost, refusal } from './fake-host';

const host = FakeHost.start();
after(() => host.stop());

function prepare(pkg: PackageSpec, query: QueryRef, model = 'm.malloy'): Promise<Prepared> {
  return host.call<Prepared>('prepareQuery', { package: pkg, model, query, manifest: {} });
}

function text(malloy: string): QueryRef {
  return { kind: 'text', text: malloy };
}

function view(source: string, name = 'v'): QueryRef {
  return { kind: 'view', source, name };
}

function named(name: string): QueryRef {
  return { kind: 'named', name };
}

const TABLE = 'duckdb.table("t") extend {view: v is {group_by: a}}\n';

const FILES = {
  'hidden.malloy': `source: base is ${TABLE}source: shared is ${TABLE}source: customers is ${TABLE}`,
  'm.malloy':
    'import "hidden.malloy"\n' +
    `source: helper is ${TABLE}` +
    `source: orders is ${TABLE}` +
    'source: joins is orders extend {join_one: base on a = base.a}\n' +
    'query: open is base -> v\nquery: secret is orders -> v\n' +
    'export { orders, joins, open }\n',
  'n.malloy': `import "hidden.malloy"\nsource: own is ${TABLE}export { shared, own }\n`,
  'c.malloy': `source: customers is ${TABLE}`,
};

const DECLARED = host.package(FILES, ['m.malloy', 'n.malloy', 'c.malloy']);

const HIDDEN: [what: string, query: QueryRef][] = [
  ['a text', text('run: helper -> v')],
  ['a view', view('helper')],
  ['a source of an import', text('run: base -> {group_by: a}')],
  [
    'an extension of it',
    text('source: x is helper extend {dimension: y is 1}\nrun: x -> {group_by: y}'),
  ],
  ['another name for it', text('source: x is helper\nrun: x -> v')],
  [
    'a source derived from it',
    text('source: x is helper -> {group_by: a}\nrun: x -> {group_by: a}'),
  ],
  [
    'a join of it',
    text('run: orders extend {join_one: helper on a = helper.a} -> {group_by: helper.b}'),
  ],
  [
    'a join in a query',
    text('run: orders -> {extend: {join_one: base on a = base.a} group_by: base.b}'),
  ],
  ['a query of it', named('secret')],
  ['a text of a query of it', text('run: secret + {limit: 1}')],
  ['what comes after a decoy', text('run: orders -> v\nrun: helper -> v')],
  ['another of the same name as one that is exported', text('run: customers -> v')],
];

for (const [what, query] of HIDDEN) {
  test(`what the explored models do not export is not there: ${what}`, async () => {
    const error = await refusal(prepare(DECLARED, query));
    assert.equal(error.kind, 'not_found', error.message);
    assert.match(error.message, /^There is no (source|query) in m\.malloy "\w+"; there is: /);
    assert.doesNotMatch(
      error.message.slice(error.message.indexOf(';')),
      /helper|base|secret|customers/,
    );
  });
}

test('what they export is answered, whatever it is made of', async () => {
  for (const query of [
    text('run: orders -> v'),
    view('orders'),
    text('run: joins -> {group_by: base.b}'),
    named('open'),
    text('run: open + {limit: 1}'),
    text('source: x is orders extend {dimension: y is 1}\nrun: x -> {group_by: y}'),
    text('run: shared -> v'),
    view('shared'),
  ]) {
    assert.match((await prepare(DECLARED, query)).sql, /FROM t/, JSON.stringify(query));
  }
  assert.match((await prepare(DECLARED, view('own'), 'n.malloy')).sql, /FROM t/);
});

test('without explores everything is answered', async () => {
  const pkg = host.package(FILES);
  for (const [, query] of HIDDEN) assert.match((await prepare(pkg, query)).sql, /FROM t/);
});

const FILTERED = host.package({
  'm.malloy':
    `source: free is ${TABLE}` +
    '#(filter) name="Tenant id" dimension=a type=equal implicit required\n' +
    '#(filter) dimension=b type=in\n' +
    `source: orders is ${TABLE}` +
    'source: wider is orders extend {dimension: c is a}\n' +
    '# label="note"\nsource: noted is orders extend {dimension: c is a}\n' +
    '#(filter) name="Tenant id" dimension=a type=equal\n' +
    'source: eased is orders extend {}\n' +
    '#(filter) dimension=b type=in\n' +
    `source: optional is ${TABLE}` +
    `#(filter) required\nsource: wrong is ${TABLE}` +
    'source: derived is orders -> {group_by: a}\n' +
    'query: q is orders -> v\n',
});

test('a source with a required filter is refused by the name of the filter', async () => {
  for (const query of [
    text('run: orders -> v'),
    view('orders'),
    named('q'),
    text('run: q + {limit: 1}'),
    text('run: wider -> {group_by: c}'),
    text('run: noted -> {group_by: c}'),
    text('source: x is orders\nrun: x -> v'),
    text('source: x is orders -> {group_by: a}\nrun: x -> {group_by: a}'),
    text('#(filter) name="Tenant id" dimension=a type=equal\nsource: x is orders\nrun: x -> v'),
    text('run: free extend {join_one: orders on a = orders.a} -> {group_by: orders.b}'),
  ]) {
    const error = await refusal(prepare(FILTERED, query));
    assert.equal(error.kind, 'filter', JSON.stringify(query));
    assert.match(error.message, /without its filter "Tenant id"/);
    assert.deepEqual(
      error.problems.map((p) => [p.code, p.model, p.line]),
      [['filter-required', 'm.malloy', 2]],
    );
  }
  assert.equal((await refusal(prepare(FILTERED, view('wrong')))).kind, 'filter');
});

test('optional filters, and what was declared anew or is made of it, are answered', async () => {
  for (const query of [
    view('free'),
    view('eased'),
    view('optional'),
    text('run: derived -> {group_by: a}'),
  ]) {
    assert.match((await prepare(FILTERED, query)).sql, /FROM t/, JSON.stringify(query));
  }
});

test('a given without a default says so', async () => {
  const pkg = host.package({
    'm.malloy':
      '##! experimental.givens\ngiven: WANTED :: number\ngiven: KNOWN :: number is 1\n' +
      'source: s is duckdb.table("t") extend {\n' +
      '  view: wants is {group_by: a; where: a = $WANTED}\n' +
      '  view: knows is {group_by: a; where: a = $KNOWN}\n}\n',
  });
  const error = await refusal(prepare(pkg, view('s', 'wants')));
  assert.equal(error.kind, 'query');
  assert.match(
    error.message,
    /The given "WANTED" has no value and no default.*given: WANTED :: type is value/,
  );
  assert.deepEqual(
    error.problems.map((p) => [p.model, p.line]),
    [['m.malloy', 5]],
  );
  assert.match((await prepare(pkg, view('s', 'knows'))).sql, /=1/);
  const request = { package: pkg, model: 'm.malloy', manifest: {}, includeSql: true };
  const check = await host.call<CheckReport>('checkSource', {
    ...request,
    source: 'run: s -> wants',
  });
  assert.deepEqual(
    check.problems.map((p) => p.message),
    error.problems.map((p) => p.message),
  );
});
