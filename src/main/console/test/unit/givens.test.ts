import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enteredIn, kindOf, texted, valuesOf } from '../../src/parts/given-values';

const given = (name: string, type: string, bound = false) => ({ name, type, bound });

test('givens are sent as their types have them, and only those that were set', () => {
  const givens = [
    given('S', 'string'),
    given('N', 'number'),
    given('B', 'boolean'),
    given('L', 'string[]'),
    given('R', '{ a :: number }'),
    given('LEFT', 'string'),
    given('BOUND', 'string', true),
  ];
  const entered = {
    S: '',
    N: '12345678901234567890',
    B: 'false',
    L: '["a"]',
    R: '{"a": 1}',
    BOUND: 'x',
    STRANGER: 'y',
  };
  assert.deepEqual(valuesOf(givens, entered), {
    S: '',
    N: '12345678901234567890',
    B: false,
    L: ['a'],
    R: { a: 1 },
  });
  assert.throws(() => valuesOf(givens, { L: 'a, b' }), /The given L is written as JSON/);
});

test('each type of given has a field that fits', () => {
  const types = [
    'string',
    'number',
    'boolean',
    'date',
    'timestamp',
    'timestamptz',
    'filter<number>',
  ];
  assert.deepEqual(types.map(kindOf), [
    'text',
    'number',
    'boolean',
    'date',
    'datetime-local',
    'text',
    'text',
  ]);
  assert.deepEqual(['date[]', '{ a :: string }[]', '{ a :: string }'].map(kindOf), [
    'json',
    'json',
    'json',
  ]);
});

test('what an address has of givens is taken as far as it is that', () => {
  assert.deepEqual(enteredIn(texted({ A: 'x' }) ?? null), { A: 'x' });
  assert.equal(texted({}), undefined);
  for (const text of [null, 'no JSON', '1', 'null', '[1]', '{"A": 1}']) {
    assert.deepEqual(enteredIn(text), {}, String(text));
  }
});
