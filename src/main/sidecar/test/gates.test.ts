import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { CheckReport, ModelReport, Plan, Prepared } from '../src/protocol';
import { FakeHost, refusal } from './fake-host';

const host = FakeHost.start();
after(() => host.stop());

const HEAD = '##! experimental { persistence givens composite_sources }\n';
const GIVENS =
  'given: ROLE :: string is "admin"\ngiven: GROUPS :: string[] is ["x"]\n' +
  'given: LEVEL :: number is 9\ngiven: inline IS_ADMIN :: boolean is $ROLE = "admin"\n';
const MODEL = `${HEAD}${GIVENS}
source: open is duckdb.table("t")
#(authorize) "$ROLE = 'admin'"
source: gated is duckdb.table("t") extend {view: by_a is {group_by: a}}
source: wider is gated extend {dimension: c is a}
# label="wider"
source: labelled is gated extend {}
source: joins is open extend {join_one: gated on a = gated.a}
source: derived is gated -> {group_by: a}
source: in_sql is duckdb.sql("""select * from (%{ gated -> {group_by: a} })""")
source: either is compose(open, gated)
#(authorize) "'x' in $GROUPS"
source: narrower is gated extend {}
#@ persist name=kept
source: kept is gated -> {group_by: a, b; aggregate: n is count()}
source: above is kept -> {group_by: a}
query: named is gated -> by_a
`;
const FILES = {
  'm.malloy': MODEL,
  'near.malloy': 'import {mine is gated, kept} from "m.malloy"\nsource: near is mine extend {}\n',
  'far.malloy': 'import {near} from "near.malloy"\nsource: far is near -> {group_by: a}\n',
};
const pkg = host.package(FILES);

type Claims = Record<string, unknown>;

const ADMIN = { ROLE: 'admin', GROUPS: ['x', 'y'] };
const OTHER = { ROLE: 'user', GROUPS: ['x'] };

function bound(claims: Claims): object {
  const all = { ROLE: null, GROUPS: null, LEVEL: null, ...claims };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, { claim: name.toLowerCase(), value }]),
  );
}

function ask(query: object, claims: Claims, more: object = {}) {
  return host.call<Prepared>('prepareQuery', {
    package: pkg,
    model: 'm.malloy',
    query,
    manifest: {},
    givens: { values: {}, bound: bound(claims) },
    ...more,
  });
}

const text = (malloy: string): object => ({ kind: 'text', text: malloy });

const WAYS: [what: string, query: object, model?: string][] = [
  ['a text', text('run: gated -> by_a')],
  ['a view of it', { kind: 'view', source: 'gated', name: 'by_a' }],
  ['a named query', { kind: 'named', name: 'named' }],
  ['a refinement', text('run: gated -> by_a + {limit: 1}')],
  ['a query of a query', text('run: gated -> by_a -> {select: *}')],
  ['an extension', text('run: wider -> {group_by: c}')],
  ['an extension with a label', text('run: labelled -> {group_by: a}')],
  ['a caller’s extension', text('source: x is gated extend {}\nrun: x -> {group_by: b}')],
  ['one with a label', text('# label="x"\nsource: x is gated extend {}\nrun: x -> {group_by: b}')],
  ['a caller’s alias', text('source: x is gated\nrun: x -> {group_by: b}')],
  ['a caller’s query', text('query: q is gated -> by_a\nrun: q')],
  ['a join', text('run: joins -> {group_by: gated.b}')],
  ['a join that is not read', text('run: joins -> {group_by: a}')],
  [
    'a caller’s join',
    text('run: open extend {join_one: g is gated on a = g.a} -> {group_by: g.b}'),
  ],
  [
    'a join in a view',
    text('run: open -> {extend: {join_one: g is gated on a = g.a} group_by: g.b}'),
  ],
  ['what is made of it', text('run: derived -> {select: *}')],
  [
    'a join of that',
    text('run: open extend {join_one: d is derived on a = d.a} -> {group_by: d.a}'),
  ],
  ['SQL around it', text('run: in_sql -> {select: *}')],
  ['a composition', text('run: either -> {group_by: a}')],
  ['a table of it', text('run: kept -> {select: *}')],
  ['what reads that', text('run: above -> {select: *}')],
  ['a quoted name', text('run: `gated` -> by_a')],
  ['an import under another name', text('run: mine -> {group_by: a}'), 'near.malloy'],
  ['an extension of that', text('run: near -> {group_by: a}'), 'near.malloy'],
  ['a model that does not see its givens', text('run: far -> {select: *}'), 'far.malloy'],
  ['a table, imported', text('run: kept -> {select: *}'), 'near.malloy'],
];

for (const [what, query, model = 'm.malloy'] of WAYS) {
  test(`a lock opens and closes ${what}`, async () => {
    const { gated } = await ask(query, ADMIN, { model });
    assert.equal(gated, true);
    for (const claims of [OTHER, {}, { ROLE: ['admin'] }, { ROLE: '' }, { ROLE: 'ADMIN' }]) {
      const error = await refusal(ask(query, claims, { model }));
      assert.equal(error.kind, 'denied');
      assert.match(error.message, /^You may not read what the query does: [\w, ]+\.$/);
    }
  });
}

test('what has no gate is open to all', async () => {
  assert.equal((await ask(text('run: open -> {group_by: a}'), {})).gated, false);
});

test('all gates hold: of an extension also those of its base', async () => {
  const query = text('run: narrower -> {group_by: a}');
  await ask(query, ADMIN);
  for (const claims of [OTHER, { ...ADMIN, GROUPS: ['y'] }, { ...ADMIN, GROUPS: [] }]) {
    assert.equal((await refusal(ask(query, claims))).kind, 'denied');
  }
});

async function gate(annotation: string, claims: Claims, bindings = bound(claims)) {
  const model = `${HEAD}${GIVENS}${annotation}\nsource: s is duckdb.table("t")\n`;
  const query = text('run: s -> {group_by: a}');
  const other = host.package({ 'm.malloy': model });
  return ask(query, {}, { package: other, givens: { values: {}, bound: bindings } });
}

const DECIDED: [gate: string, opens: Claims, closes: Claims][] = [
  ['#(authorize) "$ROLE = \'a\'"', { ROLE: 'a' }, { ROLE: 'b' }],
  ['#(authorize) "$ROLE = \\"a\\""', { ROLE: 'a' }, { ROLE: 'b' }],
  ["#(authorize) 'a' = $ROLE", { ROLE: 'a' }, { ROLE: 'b' }],
  ["#(authorize) $ROLE = 'a' | 'b'", { ROLE: 'b' }, { ROLE: 'c' }],
  ["#(authorize) $ROLE != 'a'", { ROLE: 'b' }, { ROLE: 'a' }],
  ["#(authorize) $ROLE != 'a'", { ROLE: 'b' }, {}],
  ["#(authorize) not ($ROLE = 'a')", { ROLE: 'b' }, {}],
  ["#(authorize) 'a' in $GROUPS", { GROUPS: ['b', 'a'] }, { GROUPS: ['b'] }],
  ["#(authorize) 'a' not in $GROUPS", { GROUPS: ['b'] }, { GROUPS: [null] }],
  ['#(authorize) $ROLE in $GROUPS', { ROLE: 'a', GROUPS: ['a'] }, { ROLE: 'a', GROUPS: ['b'] }],
  ['#(authorize) $LEVEL >= 5', { LEVEL: 5 }, { LEVEL: 4 }],
  ['#(authorize) $LEVEL >= 5', { LEVEL: '10' }, { LEVEL: 'five' }],
  ["#(authorize) $ROLE = 'a' or $LEVEL > 5", { ROLE: 'a', LEVEL: 1 }, { ROLE: 'b', LEVEL: 1 }],
  ["#(authorize) $ROLE = 'a' and $LEVEL > 5", { ROLE: 'a', LEVEL: 6 }, { ROLE: 'a', LEVEL: 5 }],
  ['#(authorize) $IS_ADMIN', { ROLE: 'admin' }, { ROLE: 'b' }],
  ['##(authorize) $IS_ADMIN', { ROLE: 'admin' }, { ROLE: 'b' }],
  ["##(authorize) $ROLE = 'a'\n#(authorize) $LEVEL > 5", { ROLE: 'a', LEVEL: 6 }, { LEVEL: 6 }],
  ["#(authorize) $ROLE = 'a'\n#(authorize) $LEVEL > 5", { ROLE: 'a', LEVEL: 6 }, { ROLE: 'a' }],
];

for (const [annotation, opens, closes] of DECIDED) {
  test(`decided: ${annotation}`, async () => {
    await gate(annotation, opens);
    assert.equal((await refusal(gate(annotation, closes))).kind, 'denied');
    assert.equal((await refusal(gate(annotation, {}))).kind, 'denied');
  });
}

test('a gate may be a constant', async () => {
  await gate('#(authorize) true', {});
  assert.equal((await refusal(gate('#(authorize) false', ADMIN))).kind, 'denied');
  assert.equal((await refusal(gate('#(authorize) true\n#(authorize) false', {}))).kind, 'denied');
});

const NOT_ENFORCED: [gate: string, why: RegExp][] = [
  ['#(authorize) b = $ROLE', /it reads columns/],
  ['#(access_filter) b = $ROLE', /only #\(authorize\)/],
  ['#(access_filters) b = $ROLE', /only #\(authorize\)/],
  ["#(authorize) lower($ROLE) = 'a'", /does more than compare/],
  ["#(authorize) $ROLE ~ 'a%'", /does more than compare/],
  ['#(authorize) $ROLE is not null', /does more than compare/],
  ['#(authorize) $ROLE = null', /does more than compare|does not compile/],
  ['#(authorize) $ROLE', /no condition/],
  ['#(authorize) $NOBODY = 1', /does not compile/],
  ['#(authorize) "$ROLE = "', /does not compile/],
  ['#(authorize) true) } run: s -> { group_by: x is (true', /does not compile|no condition/],
  ['#(authorize)', /only #\(authorize\) with an expression/],
  ['#(authorise) true', /only #\(authorize\)/],
  ['# authorize true', /only #\(authorize\)/],
  ['#(authorize)$ROLE = "a"', /only #\(authorize\)/],
];

for (const [annotation, why] of NOT_ENFORCED) {
  test(`not enforced, so closed: ${annotation}`, async () => {
    const error = await refusal(gate(annotation, ADMIN));
    assert.equal(error.kind, 'gated');
    assert.match(error.message, why);
  });
}

test('a gate over what any request may set is none', async () => {
  for (const [annotation, bindings] of [
    ["#(authorize) $ROLE = 'admin'", {}],
    ["#(authorize) $ROLE = 'admin'", { LEVEL: { claim: 'l', value: 1 } }],
    ['#(authorize) $IS_ADMIN', {}],
    ["#(authorize) true or $ROLE = 'admin' and true", {}],
  ] as const) {
    const error = await refusal(gate(annotation, {}, bindings));
    assert.equal(error.kind, 'gated');
    assert.match(
      error.message,
      /any request may set the given "ROLE|IS_ADMIN": bind it to a claim/,
    );
  }
});

test('the compiler tells nothing of what is closed', async () => {
  for (const malloy of [
    'run: gated -> {group_by: secret}',
    'run: gated -> {group_by: a; where: nonsense ~~ }',
    'source: x is gated extend {dimension: q is b.c}\nrun: x -> {select: q}',
    'run: `ga\\ted` -> {group_by: secret}',
    'run: joins -> {group_by: gated.secret}',
    'run: gated -> no_view',
    'run: open -> {group_by: nothing} // gated',
  ]) {
    assert.equal((await refusal(ask(text(malloy), OTHER))).kind, 'denied', malloy);
    assert.equal((await refusal(ask(text(malloy), ADMIN))).kind, 'query', malloy);
    for (const claims of [OTHER, ADMIN]) {
      const request = { package: pkg, model: 'm.malloy', includeSql: true, manifest: {} };
      const givens = { values: {}, bound: bound(claims) };
      const answer = host.call<CheckReport>('checkSource', { ...request, source: malloy, givens });
      if (claims === OTHER) assert.equal((await refusal(answer)).kind, 'denied', malloy);
      else assert.equal((await answer).status, 'error', malloy);
    }
  }
  const view = { kind: 'view', source: 'gated', name: 'none' };
  assert.equal((await refusal(ask(view, OTHER))).kind, 'denied');
  assert.equal((await refusal(ask(view, ADMIN))).kind, 'not_found');
  const open = await refusal(ask(text('run: open -> {group_by: nothing}'), OTHER));
  assert.equal(open.kind, 'query');
});

test('a check passes the gates of all that its text declares', async () => {
  const request = { package: pkg, model: 'm.malloy', includeSql: true, manifest: {} };
  for (const source of [
    'run: gated -> by_a',
    'source: x is gated extend {dimension: c is b}',
    'query: q is gated -> by_a',
    'run: gated -> by_a\nrun: open -> {group_by: a}',
    'run: open extend {join_one: g is gated on a = g.a} -> {group_by: g.b}',
  ]) {
    const check = (claims: Claims) =>
      host.call<CheckReport>('checkSource', {
        ...request,
        source,
        givens: { values: {}, bound: bound(claims) },
      });
    const report = await check(ADMIN);
    assert.deepEqual([report.status, report.gated], ['success', true], source);
    assert.equal((await refusal(check(OTHER))).kind, 'denied', source);
  }
});

test('a check of what has no gate is for all', async () => {
  const source = 'source: x is open extend {dimension: c is b}\nrun: x -> {group_by: c}';
  const report = await host.call<CheckReport>('checkSource', {
    package: pkg,
    model: 'm.malloy',
    includeSql: true,
    manifest: {},
    source,
    givens: { values: {}, bound: bound(OTHER) },
  });
  assert.deepEqual([report.status, report.gated], ['success', false]);
});

test('what is locked is built without its lock, and known to be gated', async () => {
  const { targets, problems } = await host.call<Plan>('plan', { package: pkg });
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  );
  assert.deepEqual(
    targets.map(({ gated, sources }) => [sources[0]?.name, gated]),
    [['kept', true]],
  );
  const buildId = targets[0]?.buildId ?? assert.fail('no target');
  const manifest = { [buildId]: 'kept__1' };
  const served = await ask(text('run: above -> {select: *}'), ADMIN, { manifest });
  assert.match(served.sql, /FROM kept__1/);
  const error = await refusal(ask(text('run: above -> {select: *}'), OTHER, { manifest }));
  assert.equal(error.kind, 'denied');
});

test('a model says which of its sources are gated', async () => {
  const report = await host.call<ModelReport>('compileModel', { package: pkg, model: 'm.malloy' });
  assert.deepEqual(
    report.sources.filter(({ gated }) => !gated).map(({ name }) => name),
    ['open'],
  );
});
