import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { says, shot, violations, visit } from './browser';
import { GIVENS } from './models';
import { serverForAll } from './setup';

const SCORES = '#/projects/demo/flights/query/scorecard.malloy';
const server = serverForAll();

/** What a page within another one, and of no more than a result, has to hold to. */
const WITHIN = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };

/** How bright most of a picture is, and what is brightest in it, from 0 to 255. */
async function tones(page: Page, picture: Buffer): Promise<[number, number]> {
  return page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('Nothing can be drawn');
    context.drawImage(image, 0, 0);
    const { data: pixels } = context.getImageData(0, 0, image.width, image.height);
    const tones: number[] = [];
    for (let at = 0; at < pixels.length; at += 4) {
      tones.push(((pixels[at] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[at + 2] ?? 0)) / 3);
    }
    tones.sort((one, other) => one - other);
    return [tones[tones.length >> 1] ?? NaN, tones[tones.length - 1] ?? NaN];
  }, picture.toString('base64'));
}

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
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await violations(page), []);
    const drawn = page.locator('iframe');
    const [dark, light] = await tones(page, await drawn.screenshot());
    assert.ok(dark < 60 && light > 160, `from ${dark} to ${light}`);
    await shot(page, 'drawn-dark');
    const frame = page.frames().find((one) => one.url().endsWith('/render.html'));
    assert.ok(frame);
    assert.deepEqual(await violations(frame, WITHIN), []);
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

test('givens are set by their types, and an address keeps them', async () => {
  await server.package('givens', { 'm.malloy': GIVENS });
  const page = '#/projects/test/givens/query/m.malloy?q=run:%20asked';
  let address = '';
  await visit(server.url(page), async (page) => {
    await page.getByText("else 'ann'").waitFor();
    await page.getByLabel('WHO string').fill('bob');
    await page.getByLabel('LEAST number').fill('12.5');
    await page.getByLabel('IS_OPEN boolean').selectOption('true');
    await page.getByLabel('FIRST_DAY date').fill('2026-02-28');
    await page.getByLabel('SINCE_WHEN timestamp').fill('2026-02-28T12:30:15');
    await page.getByLabel('NAMES string[]').fill('["x", "y"]');
    await page.getByLabel('ITEMS filter<string>').fill('pen%');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const row = page.locator('section[aria-label="Answer"] tbody tr');
    assert.match(
      await row.innerText(),
      /bob\s+12\.5\s+true\s+2026-02-28\S*\s+2026-02-28T12:30:15.*\s+2\s+2/s,
    );
    assert.deepEqual(await violations(page), []);
    await shot(page, 'givens-light');
    address = page.url();
    await page.getByRole('button', { name: 'Leave out WHO' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await row.getByText('ann').waitFor();
  });
  await visit(address, async (page) => {
    assert.equal(await page.getByLabel('WHO string').inputValue(), 'bob');
    assert.equal(await page.getByLabel('IS_OPEN boolean').inputValue(), 'true');
  });
});

test('a given that isn’t of its type is said to be, and so is one that the project sets', async () => {
  await server.package('bound', { 'm.malloy': GIVENS });
  await server.api('PATCH', 'projects/test', { givens: { WHO: 'claim:name' } });
  await visit(
    server.url('#/projects/test/bound/query/m.malloy?q=run:%20asked'),
    async (page) => {
      await page.getByText('set by the project, from your key or token').waitFor();
      assert.equal(await page.getByLabel('WHO string').count(), 0);
      await page.getByLabel('NAMES string[]').fill('x, y');
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByRole('alert').getByText('The given NAMES is written as JSON').waitFor();
      await page.getByLabel('NAMES string[]').fill('[1]');
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page
        .getByRole('alert')
        .getByText(/NAMES.*has an element 0/)
        .waitFor();
    },
    { expected: /400|403/ },
  );
  await server.api('PATCH', 'projects/test', { givens: {} });
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
