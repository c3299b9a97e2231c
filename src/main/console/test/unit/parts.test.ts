import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf, shown } from '../../src/parts/cells';
import { criticalPath, layOut, NODE } from '../../src/parts/dag';
import { duration, size } from '../../src/parts/format';
import { versionChanges } from '../../src/parts/version-changes';
import { parse, to } from '../../src/route';

test('addresses say what they were made of', () => {
  const key = { project: 'a b', name: 'p/q' };
  for (const table of ['x', 'a.b', '"odd"/#?%', '<b>&amp;']) {
    assert.deepEqual(parse(to.target(key, table)), { page: 'target', key, table });
  }
  assert.deepEqual(parse(to.query(key, 'm/n.malloy', 'run: x ? "&"')), {
    page: 'query',
    key,
    model: 'm/n.malloy',
    text: 'run: x ? "&"',
    givens: {},
  });
  const givens = { WHO: 'a & b', AT: '' };
  const linked = parse(to.query(key, 'm.malloy', 'run: x', givens));
  assert.deepEqual(linked.page === 'query' && linked.givens, givens);
  assert.deepEqual(parse(to.package(key, 'plan')), { page: 'package', key, tab: 'plan' });
  assert.deepEqual(parse(to.run(key, '1')), { page: 'run', key, run: '1' });
  assert.deepEqual(parse(''), { page: 'projects' });
});

test('what is no address is said to be none', () => {
  for (const hash of [
    '#/projects/a',
    '#/x',
    '#/%E0%A4',
    '#/projects/a/b/plan/c',
    '#/projects/a/b/d',
  ]) {
    assert.deepEqual(parse(hash), { page: 'unknown' }, hash);
  }
});

test('tables stand to the right of what they read', () => {
  const placed = layOut([
    { id: 'c', dependsOn: ['a', 'b', 'gone'] },
    { id: 'a', dependsOn: [] },
    { id: 'b', dependsOn: ['a'] },
  ]);
  const x = (id: string) => placed.nodes.get(id)?.x ?? NaN;
  assert.ok(x('a') < x('b') && x('b') < x('c'));
  assert.equal(placed.edges.length, 3);
});

test('no two of two hundred tables lie on each other', () => {
  const nodes = Array.from({ length: 200 }, (_, at) => ({
    id: String(at),
    dependsOn: at < 10 ? [] : [String(at - 10), String(Math.floor(at / 2))],
  }));
  const places = [...layOut(nodes).nodes.values()];
  for (const [at, one] of places.entries()) {
    for (const other of places.slice(at + 1)) {
      const apart =
        Math.abs(one.x - other.x) >= NODE.width || Math.abs(one.y - other.y) >= NODE.height;
      assert.ok(apart, JSON.stringify([one, other]));
    }
  }
});

test('the critical path is the longest chain by time, not by number', () => {
  const nodes = [
    { id: 'a', dependsOn: [], ms: 10 },
    { id: 'b', dependsOn: ['a'], ms: 10 },
    { id: 'c', dependsOn: ['b'], ms: 10 },
    { id: 'slow', dependsOn: ['a'], ms: 100 },
    { id: 'end', dependsOn: ['c', 'slow', 'gone'], ms: 1 },
    { id: 'alone', dependsOn: [], ms: 50 },
  ];
  assert.deepEqual([...criticalPath(nodes, (node) => node.ms)].sort(), ['a', 'end', 'slow']);
  assert.deepEqual([...criticalPath([], () => 1)], []);
});

test('a result becomes rows, with what is nested as it is', () => {
  const text = (string_value: string) => ({ kind: 'string_cell', string_value });
  const { columns, rows } = rowsOf({
    schema: {
      fields: [
        { name: 's', kind: 'dimension', type: { kind: 'string_type' } },
        { name: 'n', kind: 'dimension', type: { kind: 'number_type' } },
        {
          name: 'nest',
          kind: 'dimension',
          type: {
            kind: 'array_type',
            element_type: { kind: 'record_type', fields: [{ name: 'k', kind: 'dimension' }] },
          },
        },
      ],
    },
    data: {
      kind: 'array_cell',
      array_value: [
        {
          kind: 'record_cell',
          record_value: [
            text('x'),
            { kind: 'number_cell', number_value: 1, string_value: '9007199254740993' },
            {
              kind: 'array_cell',
              array_value: [{ kind: 'record_cell', record_value: [text('y')] }],
            },
          ],
        },
        {
          kind: 'record_cell',
          record_value: [
            { kind: 'null_cell' },
            { kind: 'number_cell', number_value: 2 },
            { kind: 'null_cell' },
          ],
        },
      ],
    },
  });
  assert.deepEqual(columns, ['s', 'n', 'nest']);
  assert.deepEqual(rows, [
    ['x', '9007199254740993', [{ k: 'y' }]],
    [null, 2, null],
  ]);
  assert.deepEqual(rows[0]?.map(shown), ['x', '9007199254740993', '[{"k":"y"}]']);
  assert.equal(shown(null), '∅');
});

test('times are told in words that fit them', () => {
  assert.deepEqual([0, 999, 1500, 61_000, 3_700_000, null].map(duration), [
    '0 ms',
    '999 ms',
    '1.5 s',
    '1 min 1 s',
    '1 h 1 min',
    '–',
  ]);
});

test('what another version changes is told by the names that people gave', () => {
  const changes = versionChanges(
    ['main.a__0123456789ab', 'main.b__111111111111', 'main.c__333333333333'],
    ['main.a__0123456789ab', 'main.b__222222222222', '"odd"."d__444444444444"'],
  );
  assert.deepEqual(changes, { gone: ['main.c'], back: ['"odd"."d'], other: ['main.b'], same: 1 });
});

test('sizes are told in words that fit them', () => {
  assert.deepEqual([0, 999, 1000, 1_234_567, 999_600, 123_456_789, 2e15, null].map(size), [
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '1.2 MB',
    '1.0 MB',
    '123 MB',
    '2000 TB',
    '–',
  ]);
});
