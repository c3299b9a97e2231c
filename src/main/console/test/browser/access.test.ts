import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { says, shot, violations, visit } from './browser';
import { serverForAll } from './setup';

const ADMIN = '0123456789abcdef0123456789abcdef';
/** A browser tells its console of each answer that isn't 200. */
const REFUSED = { expected: /401|Failed to load resource/ };
const server = serverForAll(`ingot.access.admin-key=${ADMIN}`);

async function keyOf(role: string): Promise<string> {
  const body = { name: `a ${role}`, roles: [{ project: 'demo', role }] };
  const made = await server.api('POST', 'keys', body, { Authorization: `Bearer ${ADMIN}` });
  return (made as { key: string }).key;
}

async function signIn(page: Page, key: string) {
  await page.getByLabel('Key or token').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('who says nothing or something wrong is asked for a key', async () => {
  await visit(
    server.url(),
    async (page) => {
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      assert.deepEqual(await violations(page), []);
      await shot(page, 'sign-in-light');
      await says(page, 'This server asks who you are.');
      await signIn(page, 'wrong');
      await says(page, /none of a key or issuer known here/);
      await signIn(page, ADMIN);
      await says(page, 'Projects and packages');
      await page.getByRole('link', { name: 'flights' }).waitFor();
      await page.reload();
      await page.getByRole('link', { name: 'flights' }).waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      assert.equal(await page.getByRole('link', { name: 'flights' }).count(), 0);
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    },
    REFUSED,
  );
});

test('a role hides what it may not do', async () => {
  const [reads, queries, builds] = [
    await keyOf('read'),
    await keyOf('query'),
    await keyOf('build'),
  ];
  const seen = async (key: string) => {
    let able: boolean[] = [];
    await visit(
      server.url('#/projects/demo/flights'),
      async (page) => {
        await signIn(page, key);
        await page.getByRole('heading', { name: 'flights' }).waitFor();
        await page.locator('.graph').waitFor();
        able = [
          await page.getByRole('link', { name: 'Query' }).isVisible(),
          await page.getByRole('button', { name: 'Build', exact: true }).isVisible(),
        ];
        await page.getByRole('link', { name: 'Server' }).click();
        await says(page, '(this one)');
        assert.equal(await page.getByRole('heading', { name: 'Settings' }).count(), 0);
      },
      REFUSED,
    );
    return able;
  };
  assert.deepEqual(await seen(reads), [false, false]);
  assert.deepEqual(await seen(queries), [true, false]);
  assert.deepEqual(await seen(builds), [true, true]);
});

test('a key that ends while the page is open leads to the sign-in, and back to the same place', async () => {
  const key = await keyOf('admin');
  await visit(
    server.url('#/projects/demo/flights/runs'),
    async (page) => {
      await signIn(page, key);
      await says(page, 'No run yet');
      const keys = (await server.api('GET', 'keys', undefined, {
        Authorization: `Bearer ${ADMIN}`,
      })) as {
        id: string;
        name: string;
      }[];
      const mine = keys.find((one) => one.name === 'a admin');
      assert.ok(mine);
      await server.api('DELETE', `keys/${mine.id}`, undefined, {
        Authorization: `Bearer ${ADMIN}`,
      });
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await signIn(page, ADMIN);
      await says(page, 'No run yet');
    },
    REFUSED,
  );
});
