import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Plan } from '../src/protocol';
import { FakeHost } from './fake-host';

const host = FakeHost.start();
after(() => host.stop());

const FLAG = '##! experimental.persistence\n';

test('it says how far it is, now and then', async () => {
  const many = Array.from(
    { length: 400 },
    (_, n) =>
      `#@ persist name=p${n}\nsource: p${n} is duckdb.table("t") -> {group_by: a; aggregate: n is count() + ${n}}\n`,
  );
  const spec = host.package({
    'few.malloy': 'source: x is duckdb.table("t")\n',
    'many.malloy': FLAG + many.join(''),
  });
  host.progress.length = 0;
  await host.call<Plan>('plan', { package: spec });
  const said = host.progress.filter(({ package: id }) => id === spec.id);
  assert.ok(said.length > 0);
  for (const { models, modelsCompiled, sourcesPlanned } of said) {
    assert.equal(models, 2);
    assert.ok(modelsCompiled <= 2 && sourcesPlanned <= 400);
  }
  const counts = said.map(({ sourcesPlanned }) => sourcesPlanned);
  assert.deepEqual(
    counts,
    [...counts].sort((a, b) => a - b),
  );
  const compiled = said.map(({ modelsCompiled }) => modelsCompiled);
  assert.deepEqual(
    compiled,
    [...compiled].sort((a, b) => a - b),
  );
  assert.ok(counts.some((count) => count > 0 && count < 400));
});
