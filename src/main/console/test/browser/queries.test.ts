import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { says, shot, violations, visit } from './browser';
import { serverForAll } from './setup';

const SCORES = '#/projects/demo/flights/query/scorecard.malloy';
const server = serverForAll();

async function write(page: Page, text: string) {
  await page.getByRole('textbox', { name: 'Malloy query' }).fill(text);
}

test('a query of the model is taken, and says that it was computed live, then from a table', async () => {
  await visit(server.url(SCORES), async (page) => {
    await page.getByRole('button', { name: 'late_airports' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await says(page, 'there is no table of it yet');
    await page.locator('td', { hasText: 'LAX' }).first().waitFor();
  });
  assert.equal(await server.build('projects/demo/packages/flights'), 'SUCCESS');
  await visit(
    server.url(`${SCORES}?q=${encodeURIComponent('run: late_airports')}`),
    async (page) => {
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.locator('.reads').getByText('From a table').waitFor();
      assert.deepEqual(await violations(page), []);
      await shot(page, 'query-light');
      await page.emulateMedia({ colorScheme: 'dark' });
      assert.deepEqual(await violations(page), []);
      await shot(page, 'query-dark');
      await page.getByRole('button', { name: 'JSON' }).click();
      await says(page, '"airport": "LAX"');
    },
  );
});

test('Malloy’s own renderer draws a result within its frame', async () => {
  await visit(server.url(SCORES), async (page) => {
    const text = `# bar_chart\nrun: airport_scorecard -> { group_by: airport; aggregate: n is departures.sum(); limit: 5 }`;
    await write(page, text.replace('# bar_chart\n', '# bar_chart\n'));
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Drawn' }).click();
    await page.frameLocator('iframe').locator('svg, canvas').first().waitFor();
    assert.deepEqual(await violations(page), []);
    await shot(page, 'drawn-light');
  });
});

test('a query that is wrong says where', async () => {
  await visit(
    server.url(SCORES),
    async (page) => {
      await write(page, 'run: airport_scorecard -> {\n  aggregate: n is cuont()\n}');
      await page.getByRole('textbox', { name: 'Malloy query' }).press('Control+Enter');
      await page.getByRole('alert').getByText('line 2:').waitFor();
      await says(page, /Unknown function 'cuont'/);
    },
    { expected: /400/ },
  );
});

test('a hundred thousand rows are shown in part, and downloaded whole', async () => {
  const path = await server.package('wide', {
    'm.malloy': 'source: numbers is duckdb.sql("select range as n from range(100000)")',
  });
  assert.ok(path);
  await visit(server.url('#/projects/test/wide/query'), async (page) => {
    await write(page, 'run: numbers -> { select: n; order_by: n }');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    assert.equal(
      readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\n').length,
      100_001,
    );
  });
});

test('a query that takes hours is stopped', async () => {
  await server.package('slow', {
    'm.malloy':
      'source: s is duckdb.sql("select hash(a.range, b.range) as h from range(10000000) a, range(10000000) b")',
  });
  await visit(server.url('#/projects/test/slow/query'), async (page) => {
    await write(page, 'run: s -> { aggregate: n is max(h) }');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await says(page, 'It is being answered…');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('It is being answered…').waitFor({ state: 'hidden' });
    assert.ok(await page.getByRole('button', { name: 'Run', exact: true }).isEnabled());
  });
});
