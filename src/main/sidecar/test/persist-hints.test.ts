import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ModelReport, Plan, Problem } from '../src/protocol';
import { FakeHost } from './fake-host';

const host = FakeHost.start();
after(() => host.stop());

const FLAG = '##! experimental.persistence\n';
const SOURCE = 'source: s is duckdb.table("t") -> {group_by: a}\n';

async function problemsOf(text: string): Promise<readonly Problem[]> {
  const pkg = host.package({ 'm.malloy': text });
  const plan = await host.call<Plan>('plan', { package: pkg });
  const report = await host.call<ModelReport>('compileModel', { package: pkg, model: 'm.malloy' });
  assert.deepEqual(report.problems, plan.problems, 'a model says what its plan says');
  return plan.problems.filter((p) => p.code.startsWith('persist-'));
}

async function places(text: string): Promise<string[]> {
  return (await problemsOf(text)).map((p) => `${p.severity} ${p.code} ${p.line ?? ''}`);
}

test('persist without the flag of the model is told where it is asked', async () => {
  const [found, ...others] = await problemsOf(
    `${SOURCE}#@ persist\nsource: s2 is s -> {group_by: a}\n`,
  );
  assert.deepEqual(others, []);
  assert.equal(found?.severity, 'warn');
  assert.deepEqual([found.code, found.line, found.column], ['persist-no-flag', 2, 1]);
  assert.match(found.message, /Write at the top of the model: ##! experimental\.persistence/);
});

test('a flag that does not switch it on is told where it stands', async () => {
  const flags = [
    '##! experimental',
    '##! experimental.persistance',
    '##! experimental { presistence parameters }',
    '##! persistence',
    '##!experimental.persistence',
    '## experimental.persistence',
    '##! experimental=persistence',
  ];
  for (const flag of flags) {
    const [found, ...others] = await problemsOf(`// first\n${flag}\n#@ persist\n${SOURCE}`);
    assert.deepEqual(others, [], flag);
    assert.deepEqual([found?.code, found?.line], ['persist-no-flag', 2], flag);
    assert.ok(found?.message.includes(`"${flag}"`), found?.message);
  }
  assert.deepEqual(await places(`##! experimental.parameters\n#@ persist\n${SOURCE}`), [
    'warn persist-no-flag 2',
  ]);
});

test('the flag arrives through imports, and then there is nothing to say', async () => {
  const pkg = host.package({
    'base.malloy': FLAG + SOURCE,
    'm.malloy': 'import "base.malloy"\n#@ persist\nsource: s2 is s -> {group_by: a}\n',
  });
  assert.deepEqual((await host.call<Plan>('plan', { package: pkg })).problems, []);
});

test('what looks like persist and does nothing is told with its mend', async () => {
  const written: [text: string, mend: RegExp][] = [
    ['#@ Persist', /Write: #@ persist$/],
    ['#@ PERSIST name=x', /Write: #@ persist name=x$/],
    ['#@ persits name=x', /Write: #@ persist name=x$/],
    ['#@persist name=x', /Write: #@ persist name=x$/],
    ['# @persist', /Write: #@ persist$/],
    ['# @ persist', /Write: #@ persist$/],
    ['# persist name=x', /Write: #@ persist name=x$/],
    ['#(persist) name=x', /Write: #@ persist name=x$/],
    ['#@(persist) name=x', /Write: #@ persist name=x$/],
    ['#(Persist)', /Write: #@ persist$/],
    ['#persist', /Write: #@ persist$/],
    ['#@ -persits', /Write: #@ -persist$/],
    ['#@ materialize', /Write: #@ persist$/],
    ['#@ materialized name=x', /Write: #@ persist name=x$/],
    ['#(materialize)', /Write: #@ persist$/],
    ['# materialize', /Write: #@ persist$/],
    ['#@ name=x', /Write: #@ persist name=…$/],
  ];
  for (const [text, mend] of written) {
    const [found, ...others] = await problemsOf(`${FLAG}${text}\n${SOURCE}`);
    assert.deepEqual(others, [], text);
    assert.deepEqual(
      [found?.severity, found?.code, found?.line],
      ['warn', 'persist-misspelt', 2],
      text,
    );
    assert.match(found?.message ?? '', mend);
  }
});

test('what only reminds of it is left alone', async () => {
  const harmless = ['# percent', '#" persist this', '#(doc) persist', '# currency', '#@ -persist'];
  for (const text of harmless) {
    assert.deepEqual(await places(`${FLAG}${text}\n${SOURCE}`), [], text);
  }
  const inherited = `${FLAG}#@ persist\n${SOURCE}#@ name=other\nsource: s2 is s -> {group_by: a}\n`;
  assert.deepEqual(await places(inherited.replace('s ->', 's extend {} ->')), [
    'warn persist-misspelt 4',
  ]);
  assert.deepEqual(await places(`${FLAG}#@ persist\n#@ name=x\n${SOURCE}`), []);
});

test('an unknown option is told with the nearest known one', async () => {
  const written: [option: string, hint: RegExp][] = [
    ['nmae=x', /"nmae".*did you mean "name"/],
    ['Name=x', /"Name".*did you mean "name"/],
    ['refesh=incremental', /did you mean "refresh"/],
    ['shard_by=a', /Unknown option "shard_by" in #@ \(known: persist, name\)/],
  ];
  for (const [option, hint] of written) {
    const [found, ...others] = await problemsOf(`${FLAG}#@ persist ${option}\n${SOURCE}`);
    assert.deepEqual(others, [], option);
    assert.deepEqual([found?.code, found?.line], ['persist-option', 2], option);
    assert.match(found?.message ?? '', hint);
  }
  assert.deepEqual(await places(`${FLAG}#@ persist { name=x }\n${SOURCE}`), [
    'warn persist-option 2',
  ]);
  assert.deepEqual(await places(`${FLAG}#@ persist=false\n${SOURCE}`), ['warn persist-option 2']);
});

test('options of the upstream system that Ingot does not act on are told', async () => {
  const options = [
    'storage=lake',
    'realization=view',
    'refresh=incremental',
    'watermark=a',
    'merge_key=a',
    'freshness="24h"',
    'schedule="0 6 * * *"',
    'sharing=package',
    'queryMetadata.team=finance',
  ];
  for (const option of options) {
    const [found, ...others] = await problemsOf(`${FLAG}#@ persist ${option}\n${SOURCE}`);
    assert.deepEqual(others, [], option);
    assert.deepEqual(
      [found?.severity, found?.code, found?.line],
      ['warn', 'persist-unsupported', 2],
    );
    assert.match(found?.message ?? '', /Ingot does not act on/);
  }
  const measures =
    'source: s is duckdb.table("t") extend {\n' +
    '  #@ preaggregate grain="a"\n  measure: n is count()\n}\n';
  assert.deepEqual(await places(measures), ['warn persist-unsupported 2']);
});

test('persist where no source is declared is a warning', async () => {
  assert.deepEqual(
    await places(
      `${FLAG}##@ persist\n` +
        'source: t is duckdb.table("t") extend {\n' +
        '  #@ persist\n  view: v is {group_by: a}\n' +
        '  #@ persist\n  measure: n is count()\n}\n' +
        '#@ persist\nrun: t -> v\n',
    ),
    [2, 4, 6, 9].map((line) => `warn persist-ignored ${line}`),
  );
});

test('an annotation is told once, however many definitions it comes to', async () => {
  const pkg = host.package({
    'base.malloy': `${FLAG}#@ persist storage=x\n${SOURCE}source: s2 is s extend {}\n`,
    'm.malloy':
      'import "base.malloy"\n' +
      'source: j is s extend {join_one: s2 on a = s2.a}\nsource: j2 is j extend {join_one: s on a = s.a}\n',
  });
  const plan = await host.call<Plan>('plan', { package: pkg });
  assert.deepEqual(
    plan.problems.map((p) => [p.code, p.model, p.line]),
    [['persist-unsupported', 'base.malloy', 2]],
  );
});

test('a model with a source that has no SQL is not planned, and the others are', async () => {
  const pkg = host.package({
    'base.malloy': `${FLAG}#@ persist\nsource: base is duckdb.table("t") -> {group_by: a}\n`,
    'no_sql.malloy':
      '##! experimental { persistence givens }\ngiven: WANTED :: number\n' +
      '#@ persist\nsource: s is duckdb.table("t") -> {group_by: a; where: a = $WANTED}\n',
  });
  const plan = await host.call<Plan>('plan', { package: pkg });
  assert.deepEqual(
    plan.models.map(({ path, ok, planned }) => [path, ok, planned]),
    [
      ['base.malloy', true, true],
      ['no_sql.malloy', true, false],
    ],
  );
  const [problem] = plan.problems;
  assert.equal(problem?.code, 'persist-given');
  assert.match(problem.message, /reads a given.*"WANTED" has no value/);
  assert.equal(plan.targets.length, 1);
});
