import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { CheckReport, PackageSpec, Plan, Prepared } from '../src/protocol';
import { FakeHost, refusal } from './fake-host';

const host = FakeHost.start();
after(() => host.stop());

const MODEL =
  '##! experimental.persistence\n' +
  '#@ persist name=base_t\n' +
  'source: base is duckdb.table("t") -> {group_by: a, b; aggregate: n is count()} extend {\n' +
  '  view: by_b is {group_by: b}\n' +
  '  view: `odd ``view` is {group_by: a}\n'.replace('``', '\\`') +
  '}\n' +
  'query: named is base -> {group_by: a; order_by: a}\n';

const pkg = host.package({ 'm.malloy': MODEL, 'plain.malloy': MODEL.replace(/##!.*\n/, '') });
const BUILD_ID = host
  .call<Plan>('plan', { package: pkg })
  .then((plan) => plan.targets[0]?.buildId ?? assert.fail('no target'));

function prepare(query: object, more: object = {}): Promise<Prepared> {
  const request = { package: pkg, model: 'm.malloy', query, manifest: {} };
  return host.call<Prepared>('prepareQuery', { ...request, ...more });
}

function text(malloy: string): object {
  return { kind: 'text', text: malloy };
}

const NAMED = { kind: 'named', name: 'named' };

test('a named query reads the table of the manifest and reports the hit', async () => {
  const buildId = await BUILD_ID;
  const prepared = await prepare(NAMED, { manifest: { [buildId]: '"main"."base_t__x1"' } });
  assert.match(prepared.sql, /FROM "main"\."base_t__x1" as base/);
  assert.deepEqual(prepared.reads, [{ buildId, hit: true }]);
  assert.equal(prepared.connectionName, 'duckdb');
  assert.equal(prepared.dialect, 'duckdb');
});

test('a table built from SQL around a query is found by the queries that read it', async () => {
  const model =
    MODEL +
    '#@ persist name=once\nsource: once is duckdb.sql("SELECT a, b FROM (%{ base -> {select: *} }) x")\n' +
    '#@ persist name=twice\nsource: twice is duckdb.sql("SELECT a, b FROM (%{ once -> {select: *} }) x")\n';
  const nested = host.package({ 'm.malloy': model.replaceAll(/"(SELECT.*)"/g, '"""$1"""') });
  const { targets } = await host.call<Plan>('plan', { package: nested });
  const tables = Object.fromEntries(targets.map((t) => [t.buildId, t.sources[0]?.name ?? '']));
  for (const [name, reads] of [
    ['once', 'base'],
    ['twice', 'once'],
  ] as const) {
    const target = targets.find((t) => t.sources[0]?.name === name) ?? assert.fail(name);
    assert.deepEqual(
      target.dependsOn.map((buildId) => tables[buildId]),
      [reads],
    );
    const query = text(`run: ${name} -> {select: *}`);
    const prepared = await prepare(query, { package: nested, manifest: tables });
    assert.deepEqual(prepared.reads, [{ buildId: target.buildId, hit: true }]);
  }
});

const ABOVE_A_TABLE = {
  selected: 'base -> {select: *}',
  extended: 'base extend {dimension: c is a}',
  joined: 'duckdb.table("t") extend {join_one: base on a = base.a} -> {group_by: base.a}',
  interpolated: 'duckdb.sql("""SELECT a FROM (%{ base -> {select: *} }) x""")',
};

for (const [name, query] of Object.entries(ABOVE_A_TABLE)) {
  test(`a table is read below what a model imports without its source: ${name}`, async () => {
    const layered = host.package({
      'm.malloy': `${MODEL}source: ${name} is ${query}\n`,
      'near.malloy': `import {${name}} from 'm.malloy'\nsource: near is ${name} extend {where: a != null}\n`,
      'far.malloy': "import {near} from 'near.malloy'\nsource: far is near -> {group_by: a}\n",
    });
    const manifest = { [await BUILD_ID]: 'built' };
    for (const [model, source] of [
      ['near.malloy', name],
      ['near.malloy', 'near'],
      ['far.malloy', 'far'],
    ] as const) {
      const asked = text(`run: ${source} -> {group_by: a}`);
      const prepared = await prepare(asked, { package: layered, model, manifest });
      assert.deepEqual(prepared.reads, [{ buildId: await BUILD_ID, hit: true }]);
      assert.match(prepared.sql, /(FROM|JOIN) built\b/);
    }
  });
}

test('a miss is reported, also with an empty manifest', async () => {
  const buildId = await BUILD_ID;
  for (const manifest of [{}, { ['0'.repeat(64)]: 'other_table' }]) {
    const prepared = await prepare(NAMED, { manifest });
    assert.deepEqual(prepared.reads, [{ buildId, hit: false }]);
    assert.match(prepared.sql, /FROM t as base/);
  }
});

test('a query on plain data reads no table of the manifest', async () => {
  const other = host.package({
    'm.malloy': MODEL + 'source: raw is duckdb.table("t")\nquery: live is raw -> {group_by: a}\n',
  });
  const query = { kind: 'named', name: 'live' };
  assert.deepEqual((await prepare(query, { package: other })).reads, []);
});

test('a model without the persistence flag is answered live and reads nothing', async () => {
  const manifest = { [await BUILD_ID]: 'base_t__x1' };
  const prepared = await prepare(NAMED, { model: 'plain.malloy', manifest });
  assert.deepEqual(prepared.reads, []);
  assert.match(prepared.sql, /FROM t as base/);
});

test('the result has its schema and no data', async () => {
  const { result } = await prepare(NAMED);
  const { schema, data } = result as { schema: { fields: { name: string }[] }; data?: unknown };
  assert.deepEqual(
    schema.fields.map((field) => field.name),
    ['a'],
  );
  assert.equal(data, undefined);
});

test('a view is run by its name, whatever characters that has', async () => {
  const plain = await prepare({ kind: 'view', source: 'base', name: 'by_b' });
  assert.match(plain.sql, /base\."b" as "b"/);
  const odd = await prepare({ kind: 'view', source: 'base', name: 'odd `view' });
  assert.match(odd.sql, /base\."a" as "a"/);
});

test('the last query of a text is prepared', async () => {
  const prepared = await prepare(text('run: base -> {group_by: a}\nrun: base -> {group_by: b}'));
  assert.match(prepared.sql, /base\."b" as "b"/);
});

test('a text without a query is an error, even when the model has queries to run', async () => {
  const other = host.package({ 'm.malloy': `${MODEL}run: base -> {group_by: a}\n` });
  const call = prepare(text('source: mine is base'), { package: other });
  const error = await refusal(call);
  assert.equal(error.kind, 'query');
  assert.equal(error.problems[0]?.code, 'no-query');
});

test('a text with a mistake says where it is', async () => {
  const error = await refusal(prepare(text('run: base -> {\n  group_by: missing\n}')));
  assert.equal(error.kind, 'query');
  assert.deepEqual(
    error.problems.map((p) => [p.message, p.model, p.line, p.column, p.severity]),
    [["'missing' is not defined", null, 2, 13, 'error']],
  );
});

for (const forbidden of [
  'run: duckdb.sql("SELECT 1 AS a") -> {group_by: a}',
  'run: duckdb.table("secrets") -> {group_by: a}',
  'import "other.malloy"\nrun: base -> {group_by: a}',
]) {
  test(`a caller's text is refused without being looked up: ${forbidden}`, async () => {
    const before = host.asked.length;
    const error = await refusal(prepare(text(forbidden)));
    assert.equal(error.kind, 'query');
    assert.equal(error.problems[0]?.code, 'restricted-construct-forbidden');
    const asked = host.asked.slice(before);
    assert.deepEqual(
      asked.filter((line) => /other|secrets|SELECT 1/.test(line)),
      [],
    );
  });
}

test('what is not found is named, with what there is', async () => {
  const query = await refusal(prepare({ kind: 'named', name: 'nothing' }));
  assert.equal(query.kind, 'not_found');
  assert.match(query.message, /"nothing".*named/);
  const view = await refusal(prepare({ kind: 'view', source: 'base', name: 'a' }));
  assert.equal(view.kind, 'not_found');
  assert.match(view.message, /"a".*by_b/);
  const source = await refusal(prepare({ kind: 'view', source: 'toString', name: 'by_b' }));
  assert.equal(source.kind, 'not_found');
  assert.match(source.message, /"toString".*base/);
  const model = await refusal(prepare(NAMED, { model: 'no.malloy' }));
  assert.equal(model.kind, 'not_found');
  assert.match(model.message, /"no\.malloy".*m\.malloy, plain\.malloy/);
});

test('at most 20 names are listed', async () => {
  const queries = Array.from({ length: 25 }, (_, i) => `query: q${i} is base -> by_b\n`);
  const other = host.package({ 'm.malloy': MODEL + queries.join('') });
  const error = await refusal(prepare({ kind: 'named', name: 'x' }, { package: other }));
  assert.match(error.message, /q18, and 6 more/);
  assert.doesNotMatch(error.message, /q19/);
});

test('a query on a model that does not compile fails with the diagnostics of the model', async () => {
  const broken = host.package({ 'm.malloy': 'source: s is nothing\n' });
  const error = await refusal(prepare(NAMED, { package: broken }));
  assert.equal(error.kind, 'model');
  assert.deepEqual(
    error.problems.map((p) => [p.model, p.line]),
    [['m.malloy', 1]],
  );
});

test('a text of more than 1 MiB is refused', async () => {
  const error = await refusal(prepare(text(`-- ${'x'.repeat(1024 * 1024)}\nrun: base -> by_b`)));
  assert.equal(error.kind, 'too_large');
});

function check(source: string, more: object = {}, of: PackageSpec = pkg): Promise<CheckReport> {
  const request = { package: of, model: 'm.malloy', source, includeSql: true, manifest: {} };
  return host.call<CheckReport>('checkSource', { ...request, ...more });
}

test('a check compiles text on top of the model and gives the SQL of its last query', async () => {
  const report = await check('source: mine is base extend {}\nrun: mine -> {group_by: b}', {
    manifest: { [await BUILD_ID]: 'base_t__x1' },
  });
  assert.equal(report.status, 'success');
  assert.match(report.sql ?? '', /FROM base_t__x1/);
});

test('a check gives no SQL where there is no query, or none is wanted', async () => {
  const declaration = await check('source: mine is base');
  assert.deepEqual(declaration, { status: 'success', gated: false, problems: [] });
  const unwanted = await check('run: base -> {group_by: b}', { includeSql: false });
  assert.deepEqual(unwanted, { status: 'success', gated: false, problems: [] });
});

test('a check reports mistakes and forbidden constructs as problems', async () => {
  const report = await check('source: mine is duckdb.table("t")\nrun: base -> {group_by: zz}');
  assert.equal(report.status, 'error');
  assert.deepEqual(
    report.problems.map((p) => [p.code, p.model, p.line]),
    [
      ['restricted-construct-forbidden', null, 1],
      ['field-not-found', null, 2],
    ],
  );
});

const GATED = host.package({
  'm.malloy':
    '##! experimental.composite_sources\n' +
    'source: open is duckdb.table("t") extend {view: by_a is {group_by: a}}\n' +
    '#(authorize) "role = 1"\n' +
    'source: gated is duckdb.table("t") extend {view: by_a is {group_by: a}}\n' +
    'source: wider is gated extend {dimension: c is a}\n' +
    'source: joins is open extend {join_one: gated on a = gated.a}\n' +
    'source: derived is gated -> {group_by: a}\n' +
    'source: in_sql is duckdb.sql("""select * from (%{ gated -> {group_by: a} })""")\n' +
    'source: either is compose(open, gated)\n' +
    'source: in_view is open extend {view: v is {extend: {join_one: gated on a = gated.a} group_by: gated.b}}\n' +
    'query: named is gated -> by_a\n' +
    'query: fine is open -> by_a\n',
  'top.malloy': 'import "m.malloy"\nsource: again is derived extend {}\n',
});

const REFUSED: [what: string, query: object, model?: string][] = [
  ['a text', text('run: gated -> by_a')],
  ['a text that extends it', text('source: x is gated extend {}\nrun: x -> {group_by: b}')],
  [
    'a text that joins it',
    text('run: open extend {join_one: gated on a = gated.a} -> {group_by: gated.b}'),
  ],
  ['a view of it', { kind: 'view', source: 'gated', name: 'by_a' }],
  ['a view that joins it', { kind: 'view', source: 'in_view', name: 'v' }],
  ['a named query', { kind: 'named', name: 'named' }],
  ['a text on a named query', text('run: named -> {aggregate: n is count()}')],
  ['an extension', text('run: wider -> {group_by: c}')],
  ['a join of the model, used or not', text('run: joins -> {group_by: a}')],
  ['a source derived from it', text('run: derived -> {group_by: a}')],
  ['SQL around it', text('run: in_sql -> {group_by: a}')],
  ['a composition', text('run: either -> {group_by: a}')],
  ['an import of what is derived from it', text('run: again -> {group_by: a}'), 'top.malloy'],
];

for (const [what, query, model] of REFUSED) {
  test(`a query of what #(authorize) restricts is refused: ${what}`, async () => {
    const error = await refusal(
      prepare(query, { package: GATED, ...(model !== undefined && { model }) }),
    );
    assert.equal(error.kind, 'gated');
    assert.match(error.message, /#\(authorize\) restricts: \w/);
    assert.deepEqual(
      error.problems.map((p) => [p.model, p.line]),
      [['m.malloy', 3]],
    );
  });
}

test('a restriction that is written elsewhere or wrongly restricts all the same', async () => {
  const written: [text: string, line: number][] = [
    ['##(authorize) "role = 1"\nsource: s is duckdb.table("t")\n', 1],
    ['#authorize "role = 1"\nsource: s is duckdb.table("t")\n', 1],
    ['# (authorize) "role = 1"\nsource: s is duckdb.table("t")\n', 1],
    ['#(Authorize) "role = 1"\nsource: s is duckdb.table("t")\n', 1],
    ['#[authorise] "role = 1"\nsource: s is duckdb.table("t")\n', 1],
    ['source: s is duckdb.table("t") extend {\n#(authorize) "role = 1"\ndimension: c is a\n}\n', 2],
  ];
  for (const [model, line] of written) {
    const files = { 'm.malloy': model, 'top.malloy': 'import "m.malloy"\nsource: own is s\n' };
    const restricted = host.package(files);
    for (const [source, file] of [
      ['s', 'm.malloy'],
      ['s', 'top.malloy'],
      ['own', 'top.malloy'],
    ] as const) {
      const query = text(`run: ${source} -> {group_by: a}`);
      const error = await refusal(prepare(query, { package: restricted, model: file }));
      assert.equal(error.kind, 'gated', model);
      assert.deepEqual(
        error.problems.map((p) => [p.model, p.line]),
        [['m.malloy', line]],
        model,
      );
    }
  }
  const open = host.package({ 'm.malloy': '#" authorize\nsource: s is duckdb.table("t")\n' });
  assert.match((await prepare(text('run: s -> {group_by: a}'), { package: open })).sql, /FROM t/);
});

test('a query of another source of the same model is answered', async () => {
  for (const query of [{ kind: 'named', name: 'fine' }, text('run: open -> {group_by: b}')]) {
    assert.match((await prepare(query, { package: GATED })).sql, /FROM t/);
  }
});
