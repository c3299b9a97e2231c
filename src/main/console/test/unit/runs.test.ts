import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run, Target, TargetStatus } from '../../src/api/types';
import { after, isOver, progressOf, type WatchedRun } from '../../src/live/watched-run';

const target = (buildId: string, status: TargetStatus): Target => ({
  buildId,
  tableName: buildId,
  connectionName: 'duckdb',
  sourceNames: [buildId],
  dependsOn: [],
  status,
  reason: 'NEW',
  changedData: [],
});

const run = (...targets: Target[]): Run => ({
  id: '1',
  packageName: 'p',
  projectId: 'd',
  status: 'RUNNING',
  forceRefresh: false,
  sources: [],
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  metadata: { sourcesBuilt: 0, sourcesSkipped: 0, sourcesFailed: 0, gcDropped: [], gcErrors: [] },
  targets,
  problems: [],
});

const event = (name: string, data: unknown) => ({
  id: undefined,
  name,
  data: JSON.stringify(data),
});

function told(...events: ReturnType<typeof event>[]): WatchedRun {
  let known: WatchedRun | undefined;
  for (const one of events) known = after(known, one);
  assert.ok(known);
  return known;
}

test('a run is what its events say of it', () => {
  const known = told(
    event('state', run(target('a', 'PENDING'))),
    event('target', target('b', 'PENDING')),
    event('target', target('a', 'RUNNING')),
    event('progress', { buildId: 'a', percent: 40 }),
    event('unheard-of', {}),
  );
  assert.deepEqual(
    known.run.targets.map((one) => [one.buildId, one.status]),
    [
      ['a', 'RUNNING'],
      ['b', 'PENDING'],
    ],
  );
  assert.equal(progressOf(known), 0.2);
  assert.equal(isOver(known.run), false);
  const ended = after(known, event('end', { status: 'FAILED', error: 'no' }));
  assert.equal(ended?.run.error, 'no');
  assert.equal(ended.run.targets.length, 2);
  assert.equal(isOver(ended.run), true);
});

test('nothing is known before the whole run is told', () => {
  assert.equal(after(undefined, event('target', target('a', 'RUNNING'))), undefined);
});

test('what has ended counts whole, whatever became of it', () => {
  const known = told(
    event(
      'state',
      run(
        target('a', 'FAILED'),
        target('b', 'SKIPPED'),
        target('c', 'REUSED'),
        target('d', 'PENDING'),
      ),
    ),
  );
  assert.equal(progressOf(known), 0.75);
  assert.equal(progressOf(told(event('state', run()))), 0);
  assert.equal(progressOf(told(event('state', { ...run(), status: 'SUCCESS' }))), 1);
});
