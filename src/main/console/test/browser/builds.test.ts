import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { says, shot, violations, visit } from './browser';
import { BROKEN, chain, LARGE, MARKUP, STUCK } from './models';
import { serverForAll } from './setup';

const SAMPLE = '#/projects/demo/flights';
const server = serverForAll();

async function ended(page: Page, how: 'success' | 'failed' | 'cancelled') {
  await page.locator(`.run-head .badge.${how}`).waitFor();
}

test('a build is watched to its end, without a reload', async () => {
  await visit(server.url(SAMPLE), async (page) => {
    await says(page, 'No run yet');
    await page.getByRole('button', { name: 'Build', exact: true }).click();
    await ended(page, 'success');
    assert.equal(await page.locator('.graph .node.built').count(), 8);
    assert.match(
      await page.locator('tr', { hasText: 'rush_hours' }).innerText(),
      /Built.*its name is new.*39,949/s,
    );
    await says(page, 'Version 1 is served');
    assert.deepEqual(await violations(page), []);
    await shot(page, 'package-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await violations(page), []);
    await shot(page, 'package-dark');

    await page.getByRole('link', { name: 'Last run' }).click();
    await says(page, 'Timeline');
    assert.equal(await page.locator('.timeline li').count(), 8);
    assert.ok((await page.locator('.timeline li.critical').count()) >= 1);
    assert.deepEqual(await violations(page), []);
    await shot(page, 'run-dark');
  });
});

test('a build is reused, and one of a selection builds that only', async () => {
  const path = await server.package('chosen', { 'm.malloy': chain(1) });
  assert.equal(await server.build(path), 'SUCCESS');
  await visit(server.url('#/projects/test/chosen'), async (page) => {
    await page.getByText('Options', { exact: true }).click();
    await page.getByLabel('Build everything, changed or not').check();
    await page.getByLabel('Select sums').check();
    await page.getByRole('button', { name: 'Build selected (1)' }).click();
    await says(page, 'only sums');
    await ended(page, 'success');
    assert.match(
      await page.locator('tr', { hasText: 'sums' }).last().innerText(),
      /Built.*a refresh was asked for/s,
    );
  });
});

test('a build that would take hours shows how far it is, and is stopped', async () => {
  await server.package('stuck', { 'm.malloy': STUCK });
  await visit(server.url('#/projects/test/stuck'), async (page) => {
    await page.getByRole('button', { name: 'Build', exact: true }).click();
    await page.locator('.graph .node.running').first().waitFor();
    await page.locator('tr', { hasText: 'quick' }).getByText('Built').waitFor();
    await page.locator('tr', { hasText: 'slow' }).getByText('Running').waitFor();
    await page.locator('tr', { hasText: 'waits' }).getByText('Waiting').waitFor();
    const progress = page.getByRole('progressbar', { name: 'Progress of the run' });
    assert.ok(Number(await progress.getAttribute('value')) >= 33);
    assert.ok(await page.getByRole('button', { name: 'Build', exact: true }).isDisabled());
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Stop' }).click();
    await ended(page, 'cancelled');
    await says(page, 'No tables yet');
  });
});

test('a run that somebody else starts appears by itself', async () => {
  const path = await server.package('elsewhere', { 'm.malloy': chain(1) });
  await visit(server.url('#/projects/test/elsewhere'), async (page) => {
    await says(page, 'No run yet');
    assert.equal(await server.build(path), 'SUCCESS');
    await ended(page, 'success');
  });
});

test('what fails is shown with its place, and what waited for it', async () => {
  await server.package('broken', { 'm.malloy': BROKEN });
  await visit(server.url('#/projects/test/broken'), async (page) => {
    await page.getByRole('button', { name: 'Build', exact: true }).click();
    await ended(page, 'failed');
    const bad = page.locator('tr', { hasText: 'it is broken' });
    assert.match(
      await bad.innerText(),
      /m\.malloy:5.*<img src=x onerror=alert\(1\)> it is broken/s,
    );
    await page.locator('tr', { hasText: 'after_bad' }).getByText('Skipped').waitFor();
    assert.deepEqual(await violations(page), []);
    await bad.getByRole('link', { name: 'bad' }).click();
    await page.locator('.error-text', { hasText: 'it is broken' }).first().waitFor();
    const lines = page.locator('.excerpt');
    assert.match(await lines.locator('strong').innerText(), /5 {2}source: bad is duckdb\.sql/);
    assert.match(await lines.innerText(), /4 {2}#@ persist name=bad/);
    assert.deepEqual(await violations(page), []);
    await shot(page, 'failed-light');
  });
});

test('what a table’s last builds took and gave is drawn, each by itself', async () => {
  const path = await server.package('large', { 'm.malloy': LARGE });
  assert.equal(await server.build(path), 'SUCCESS');
  assert.equal(await server.build(path, { forceRefresh: true }), 'SUCCESS');
  await visit(server.url('#/projects/test/large'), async (page) => {
    assert.match(
      await page.locator('tr', { hasText: 'hashes' }).innerText(),
      /300,000\s+\d[\d.]* [kM]B\s+\d/,
    );
    await page.locator('tr').getByRole('link', { name: 'hashes' }).click();
    for (const [name, most] of [
      ['Time', /up to [\d.]+ m?s/],
      ['Rows', /up to 300,000/],
      ['Size', /up to [\d.]+ [kM]B/],
    ] as const) {
      const chart = page.locator('figure', { hasText: name });
      assert.match(await chart.innerText(), most);
      assert.equal(await chart.getByRole('link').count(), 2);
    }
    assert.deepEqual(await violations(page), []);
    await shot(page, 'target-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await violations(page), []);
  });
});

test('a model that doesn’t compile says where', async () => {
  await server.package('typo', { 'm.malloy': chain(1).replace('x.sum()', 'y.sum()') });
  await visit(server.url('#/projects/test/typo/plan'), async (page) => {
    await says(page, /m\.malloy:5/);
    await says(page, 'Reference to undefined value y');
    await page.locator('.excerpt strong', { hasText: 'aggregate: total is y.sum()' }).waitFor();
  });
});

test('names, values and errors that are markup are text', async () => {
  const path = await server.package('markup', { 'm.malloy': MARKUP });
  await server.build(path);
  await visit(server.url('#/projects/test/markup'), async (page) => {
    await page.locator('table').getByText('<img src=x onerror=alert(2)>').waitFor();
    await page.locator('table a').first().click();
    await says(page, 'Its last runs');
    await page.goto(server.url('#/projects/test/markup/query'));
    await page.getByRole('button', { name: '<i>query</i>' }).click();
    await page.getByRole('button', { name: 'Run' }).click();
    await page.locator('td', { hasText: '<img src=x onerror=alert(4)>' }).waitFor();
    await page.getByRole('button', { name: 'Drawn' }).click();
    await page.frameLocator('iframe').getByText('onerror=alert(4)').waitFor();
    assert.equal(await page.locator('main img, main script, main i, main b').count(), 0);
  });
});

test('one version is rolled back to, once it is said what that changes', async () => {
  const path = await server.package('versions', { 'm.malloy': chain(1) });
  assert.equal(await server.build(path), 'SUCCESS');
  const extra = '\n#@ persist name=extra\nsource: extra is duckdb.sql("select 3 as z")\n';
  server.write('versions', { 'm.malloy': chain(1) + extra });
  assert.equal(await server.build(path), 'SUCCESS');
  await visit(
    server.url('#/projects/test/versions/versions'),
    async (page) => {
      await page.getByRole('button', { name: 'Roll back to 1' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Not in it, and answered live: main.extra').waitFor();
      assert.deepEqual(await violations(page), []);
      await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
      await dialog.getByRole('alert').waitFor();
      await dialog.getByRole('button', { name: 'Roll back all the same' }).click();
      const third = page.locator('.card', { hasText: 'Version 3' });
      await third.getByText('back to version 1').waitFor();
      assert.equal(await third.getByText('Current').count(), 1);
    },
    { expected: /409/ },
  );
});

test('a plan says what a run would do, why, and what has changed in the SQL', async () => {
  const path = await server.package('changed', { 'm.malloy': chain(1) });
  assert.equal(await server.build(path), 'SUCCESS');
  server.write('changed', { 'm.malloy': chain(2) });
  await visit(server.url('#/projects/test/changed/plan'), async (page) => {
    await says(page, 'A run would build 2 tables and reuse 0.');
    const base = page.locator('.card', { hasText: 'its SQL has changed' }).first();
    await base.getByText('What has changed in its SQL').click();
    assert.match(await base.locator('ins').innerText(), /select 2 as x/);
    assert.match(await base.locator('del').innerText(), /select 1 as x/);
    await says(page, 'Folder has changed');
    assert.deepEqual(await violations(page), []);
  });
});
