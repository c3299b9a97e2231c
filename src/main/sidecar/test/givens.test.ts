import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { CheckReport, ModelReport, Plan, Prepared } from '../src/protocol';
import { FakeHost, refusal } from './fake-host';

const host = FakeHost.start();
after(() => host.stop());

const COLUMNS = [
  { name: 'a', type: 'INTEGER' },
  { name: 'b', type: 'VARCHAR' },
  { name: 'd', type: 'DATE' },
  { name: 'at', type: 'TIMESTAMP' },
  { name: 'tz', type: 'TIMESTAMP WITH TIME ZONE' },
  { name: 'yes', type: 'BOOLEAN' },
];
host.tables.set('all_types', COLUMNS);

const MODEL = `##! experimental { persistence givens }
#(doc) Whose rows
given: ORG :: string is 'none'
given: N :: number
given: F :: filter<string> is f'%'
given: FN :: filter<number> is f'>0'
given: L :: string[]
given: D :: date is @2024-01-01
given: TS :: timestamp is @2024-01-01 00:00:00
given: TZ :: timestamptz
given: YES :: boolean is true
given: inline OURS :: boolean is $ORG = 'us'
source: t is duckdb.table("all_types")
#@ persist name=built
source: built is t -> {group_by: a, b; aggregate: n is count()}
source: mine is built extend {where: b = $ORG}
query: wants is t -> {select: a; where: a = $N}
`;
const pkg = host.package({
  'm.malloy': MODEL,
  'near.malloy': 'import {mine, WHO is ORG} from "m.malloy"\nsource: near is mine extend {}\n',
  'far.malloy': 'import {near} from "near.malloy"\nsource: far is near extend {}\n',
});

interface Given {
  values?: object;
  bound?: object;
}

function prepare(text: string, { values = {}, bound = {} }: Given, more: object = {}) {
  return host.call<Prepared>('prepareQuery', {
    package: pkg,
    model: 'm.malloy',
    query: { kind: 'text', text },
    manifest: {},
    givens: { values, bound },
    ...more,
  });
}

const where = (condition: string): string => `run: t -> {select: a; where: ${condition}}`;

test('a model lists its givens as they are declared', async () => {
  const report = await host.call<ModelReport>('compileModel', { package: pkg, model: 'm.malloy' });
  assert.deepEqual(report.givens[0], {
    name: 'ORG',
    declaredName: 'ORG',
    type: 'string',
    annotations: ['#(doc) Whose rows'],
    default: "'none'",
  });
  assert.deepEqual(
    report.givens.map(({ name, type }) => [name, type]),
    [
      ['ORG', 'string'],
      ['N', 'number'],
      ['F', 'filter<string>'],
      ['FN', 'filter<number>'],
      ['L', 'string[]'],
      ['D', 'date'],
      ['TS', 'timestamp'],
      ['TZ', 'timestamptz'],
      ['YES', 'boolean'],
    ],
  );
  assert.equal(report.givens[1]?.default, null);
  assert.ok(report.modelInfo !== null, 'a query that reads a given without a default is described');
  const near = await host.call<ModelReport>('compileModel', { package: pkg, model: 'near.malloy' });
  assert.deepEqual(
    near.givens.map(({ name, declaredName }) => [name, declaredName]),
    [['WHO', 'ORG']],
  );
});

const WRITTEN: [condition: string, name: string, value: unknown, sql: RegExp][] = [
  ['b = $ORG', 'ORG', 'us', /"b"='us'/],
  ['b = $ORG', 'ORG', "x' OR '1'='1", /"b"='x'' OR ''1''=''1'\s*$/],
  ['b = $ORG', 'ORG', "\\'; DROP TABLE t; --", /"b"='\\''; DROP TABLE t; --'\s*$/],
  ['b = $ORG', 'ORG', 'é ‘’ʼ＇ \u2028 😀\n\r/*', /"b"=E'é ‘’ʼ＇ \u2028 😀\\n\\r\/\*'\s*$/],
  ['b = $ORG', 'ORG', "\\' OR 1=1 --\n", /"b"=E'\\\\\\' OR 1=1 --\\n'\s*$/],
  ['b = $ORG', 'ORG', '', /"b"=''\s*$/],
  ['a = $N', 'N', 5, /"a"=5\s*$/],
  ['a = $N', 'N', -1.5e-7, /"a"=-1.5e-7::DOUBLE\s*$/],
  ['a = $N', 'N', '12345678901234567890', /"a"=12345678901234567890\s*$/],
  ['b in $L', 'L', ["a'", '\\'], /IN \('a''','\\'\)/],
  ['b in $L', 'L', [], /WHERE FALSE/],
  ['b ~ $F', 'F', "x' OR 1=1 --%", /LIKE 'x'' OR 1=1 --%'/],
  ['b ~ $F', 'F', "\\'", /"b" ?= ?'''/],
  ['a ~ $FN', 'FN', '[1 to 5]', /"a" ?>= ?1/],
  ['d = $D', 'D', '2024-02-29', /DATE '2024-02-29'/],
  ['at > $TS', 'TS', '2024-02-29T12:00', /TIMESTAMP '2024-02-29 12:00:00/],
  ['at > $TS', 'TS', '2024-02-29 12:00:00.5', /TIMESTAMP '2024-02-29 12:00:00.500/],
  ['tz > $TZ', 'TZ', '2024-02-29T12:00:00+02:00', /TIMESTAMPTZ '2024-02-29 10:00:00/],
  ['yes = $YES', 'YES', false, /"yes"=false/],
  ['b = $ORG', 'ORG', null, /"b" ?(=|IS) ?NULL/i],
];

for (const [condition, name, value, sql] of WRITTEN) {
  test(`${name}: ${JSON.stringify(value)} is written as a literal`, async () => {
    const prepared = await prepare(where(condition), { values: { [name]: value } });
    assert.match(prepared.sql, sql);
  });
}

const REFUSED: [name: string, value: unknown, message: RegExp][] = [
  ['ORG', 5, /"ORG" is of type string; it was given a number/],
  ['ORG', 'a\0b', /NUL/],
  ['ORG', '\ud800', /half a character/],
  ['N', true, /"N" is of type number; it was given true or false/],
  ['N', '1; DROP', /type number; it was given another text/],
  ['N', '1)', /type number/],
  ['L', 'x', /"L" is of type string\[\]; it was given another text/],
  ['L', ['x', 1], /has an element 1 that is of type string/],
  ['D', '2024-02-30', /type date.*such as 2024-12-31/],
  ['D', "2024-01-01'", /type date/],
  ['D', '2024-01-01\n', /type date/],
  ['TS', '2024-01-01T00:00:00Z', /type timestamp.*without a zone/],
  ['TS', '2024-01-01T25:00:00', /type timestamp/],
  ['TZ', '2024-01-01T00:00:00', /type timestamptz.*with a zone/],
  ['F', 5, /filter<string>/],
  ['F', null, /filter<string>; it was given null/],
  ['FN', 'x y z', /"FN" is no filter<number>/],
  ['F', '('.repeat(10_001), /10000 characters/],
  ['F', '('.repeat(9_000), /"F" is/],
  ['YES', 'true', /type boolean/],
  ['NOBODY', 1, /m\.malloy has no given "NOBODY" that a request can give; it has: ORG, N, F/],
  ['OURS', true, /no given "OURS"/],
  ['toString', 'x', /no given "toString"/],
];

for (const [name, value, message] of REFUSED) {
  test(`${name}: ${JSON.stringify(value).slice(0, 30)} is refused`, async () => {
    const error = await refusal(prepare(where('a = 1'), { values: { [name]: value } }));
    assert.equal(error.kind, 'given');
    assert.match(error.message, message);
  });
}

test('a given without value and default is named, and only to whose query reads it', async () => {
  const error = await refusal(prepare(where('a = $N'), {}));
  assert.equal(error.kind, 'query');
  assert.match(error.message, /"N" has no value and no default.*"givens": \{"N": …\}/);
  assert.match((await prepare(where('b = $ORG'), {})).sql, /'none'/);
});

test('a named query and a check read the values, too', async () => {
  const query = { kind: 'named', name: 'wants' };
  assert.match((await prepare('', { values: { N: 7 } }, { query })).sql, /"a"=7/);
  const request = { package: pkg, model: 'm.malloy', includeSql: true, manifest: {} };
  const givens = { values: { N: 8 }, bound: {} };
  const source = where('a = $N');
  const report = await host.call<CheckReport>('checkSource', { ...request, source, givens });
  assert.match(report.sql ?? '', /"a"=8/);
  const wrong = { values: { N: [] }, bound: {} };
  const error = await refusal(host.call('checkSource', { ...request, source, givens: wrong }));
  assert.equal(error.kind, 'given');
});

test('a source that reads none is answered from its table, whatever is given', async () => {
  const { targets, problems } = await host.call<Plan>('plan', { package: pkg });
  assert.deepEqual(problems, []);
  const buildId = targets[0]?.buildId ?? assert.fail('no target');
  const manifest = { [buildId]: 'built__1' };
  const values = { ORG: "it's" };
  const prepared = await prepare('run: mine -> {select: *}', { values }, { manifest });
  assert.deepEqual(prepared.reads, [{ buildId, hit: true }]);
  assert.match(prepared.sql, /FROM built__1 as base\s+WHERE base."b"='it''s'/);
});

const READERS = {
  'a join': 'x is t extend {join_one: j is mine on a = j.a} -> {group_by: a, j.b}',
  'a filter below': 'x is mine -> {group_by: a}',
  'a dimension': 'x is t extend {dimension: k is concat(b, $ORG)} -> {group_by: k}',
  SQL: 'x is duckdb.sql("""SELECT a, b FROM (%{ mine -> {select: *} }) q""")',
  'one computed from another': 'x is t -> {select: a; where: $OURS}',
};

for (const [what, source] of Object.entries(READERS)) {
  test(`a table is not built where ${what} reads a given`, async () => {
    const text = `${MODEL}#@ persist name=x\nsource: ${source}\n`;
    const { problems } = await host.call<Plan>('plan', {
      package: host.package({ 'm.malloy': text }),
    });
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['persist-given'],
    );
  });
}

test('a persisted source that reads a given is computed with the value that it is given', async () => {
  const text = `${MODEL}#@ persist name=x\nsource: x is t -> {group_by: a; where: a = $N}\n`;
  const other = { package: host.package({ 'm.malloy': text }) };
  const prepared = await prepare('run: x -> {select: *}', { values: { N: 9 } }, other);
  assert.match(prepared.sql, /"a"=9/);
  assert.deepEqual(
    prepared.reads.map(({ hit }) => hit),
    [false],
  );
});

const BOUND = { ORG: { claim: 'org_id', value: "o'1" } };

test('a bound given has the claim’s value, through every import', async () => {
  for (const [model, source] of [
    ['m.malloy', 'mine'],
    ['near.malloy', 'near'],
    ['far.malloy', 'far'],
  ] as const) {
    const text = `run: ${source} -> {select: *}`;
    assert.match((await prepare(text, { bound: BOUND }, { model })).sql, /"b"='o''1'/);
    // Also where the settings say the name that one importer gives it.
    const bound = { WHO: BOUND.ORG };
    const renamed = model === 'near.malloy' ? /"b"='o''1'/ : /"b"='none'/;
    assert.match((await prepare(text, { bound }, { model })).sql, renamed);
  }
});

test('a bound given cannot be set, under no name', async () => {
  for (const [model, name] of [
    ['m.malloy', 'ORG'],
    ['near.malloy', 'WHO'],
    ['far.malloy', 'ORG'],
  ] as const) {
    const given = { values: { [name]: 'x' }, bound: BOUND };
    const error = await refusal(prepare('run: nothing', given, { model }));
    assert.equal(error.kind, 'given_bound');
    assert.match(error.message, new RegExp(`"${name}" is bound to a claim`));
  }
});

test('a bound given without its claim does not fall back on its default', async () => {
  const none = { bound: { ORG: { claim: 'org_id', value: null } } };
  for (const text of [
    'run: mine -> {select: *}',
    where('$OURS'),
    'run: t extend {join_one: m is mine on a = m.a} -> {group_by: m.b}',
  ]) {
    const error = await refusal(prepare(text, none));
    assert.equal(error.kind, 'claim');
    assert.match(error.message, /"ORG".*claim "org_id".*no such claim/);
  }
  assert.match((await prepare('run: built -> {select: *}', none)).sql, /all_types/);
  const number = await refusal(
    prepare('run: mine -> {select: *}', { bound: { ORG: { claim: 'org_id', value: 5 } } }),
  );
  assert.match(number.message, /claim "org_id".*is of type string; it was given a number/);
  assert.equal(number.kind, 'claim');
});

test('a given that is computed from a bound one follows it', async () => {
  const us = { bound: { ORG: { claim: 'org_id', value: 'us' } } };
  assert.match((await prepare(where('$OURS'), us)).sql, /WHERE true/);
  assert.match((await prepare(where('$OURS'), { bound: BOUND })).sql, /WHERE false/);
});
