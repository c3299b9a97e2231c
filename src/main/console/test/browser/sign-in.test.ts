import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { close, says, shot, violations, visit } from './browser';
import { Issuer, RESOURCE } from './issuer';
import { STUCK } from './models';
import { Server } from './server';

const ADMIN = '0123456789abcdef0123456789abcdef';
const AS_ADMIN = { Authorization: `Bearer ${ADMIN}` };
let issuer: Issuer;
let server: Server;

before(async () => {
  issuer = await Issuer.listen();
  const one = 'ingot.access.issuers[0]';
  server = await Server.start(
    `ingot.access.admin-key=${ADMIN}`,
    `${one}.issuer=${issuer.url}`,
    `${one}.audience=${RESOURCE}`,
    `${one}.console.client-id=console`,
    `${one}.console.parameters.resource=${RESOURCE}`,
    `${one}.roles[0].claim=groups`,
    `${one}.roles[0].value=builders`,
    `${one}.roles[0].project=*`,
    `${one}.roles[0].role=build`,
  );
  issuer.know(server.url(''));
});

after(async () => {
  await close();
  await server.close();
  await issuer.close();
});

/** Refusals are told by the browser; the issuer is the one other host. */
function expecting(more = /^$/) {
  const { host } = new URL(issuer.url);
  return {
    expected: new RegExp(`401|Failed to load resource|${more.source}`),
    hosts: [host],
  };
}

async function begin(page: Page) {
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByRole('button', { name: /Sign in with localhost/ }).click();
}

test('who signs in with an issuer comes back to where it was begun, with the token’s roles', async () => {
  const where = '#/projects/demo/flights/plan';
  await visit(
    server.url(where),
    async (page) => {
      await page.getByRole('button', { name: /Sign in with localhost/ }).waitFor();
      assert.deepEqual(await violations(page), []);
      await shot(page, 'sign-in-with-issuer-light');
      await begin(page);
      await page.getByRole('button', { name: 'I am Ann' }).click();
      await says(page, /A run would build/);
      assert.equal(page.url(), server.url(where));
      await says(page, 'ann');
      await page.getByRole('link', { name: 'Tables' }).click();
      await page.getByRole('button', { name: 'Build', exact: true }).waitFor();
      await page.reload();
      await page.getByRole('button', { name: 'Build', exact: true }).waitFor();
      assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), ['ingot.key']);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await says(page, 'You have signed out.');
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    },
    expecting(),
  );
});

test('who leaves it at the issuer’s is told so, and can try again', async () => {
  await visit(
    server.url('#/server'),
    async (page) => {
      await begin(page);
      await page.getByRole('button', { name: 'Leave it' }).click();
      await page.getByRole('alert').getByText('Ann has left it').waitFor();
      await begin(page);
      await page.getByRole('button', { name: 'I am Ann' }).click();
      await page.getByRole('heading', { name: 'Server' }).waitFor();
    },
    expecting(),
  );
});

test('an answer that nobody has asked for signs nobody in', async () => {
  await visit(
    `${server.url('')}?code=stolen&state=made-up#/server`,
    async (page) => {
      await page.getByRole('alert').getByText('Nobody has begun to sign in here').waitFor();
      await begin(page);
      await page.getByRole('button', { name: 'I am Ann' }).waitFor();
      await page.goto(`${server.url('')}?code=stolen&state=made-up`);
      await page.getByRole('alert').waitFor();
      assert.equal(new URL(page.url()).search, '');
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    },
    expecting(),
  );
});

test('a token that ends in the middle of a run is said to have, and signing in leads back to the run', async () => {
  const path = await server.package('stuck', { 'm.malloy': STUCK }, AS_ADMIN);
  await visit(
    server.url('#/projects/test/stuck'),
    async (page) => {
      await begin(page);
      await page.getByRole('button', { name: 'I am Ann' }).click();
      await page.getByRole('button', { name: 'Build', exact: true }).click();
      await page.locator('tr', { hasText: 'slow' }).getByText('Running').waitFor();
      const token = issuer.expired();
      await page.evaluate((text) => sessionStorage.setItem('ingot.key', text), token);
      await says(page, /[Ee]xpired/);
      // She is known there still, and isn't asked again.
      await begin(page);
      await page.locator('tr', { hasText: 'slow' }).getByText('Running').waitFor();
      assert.equal(page.url(), server.url('#/projects/test/stuck'));
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.locator('.run-head .badge.cancelled').waitFor();
    },
    expecting(),
  );
  assert.ok(path);
});

test('the page asks the issuer and no other host', async () => {
  await visit(
    server.url(),
    async (page) => {
      const reached = (url: string) =>
        page.evaluate(
          (place) =>
            fetch(place, { mode: 'no-cors' }).then(
              () => true,
              () => false,
            ),
          url,
        );
      assert.equal(await reached(`${issuer.url}/jwks`), true);
      assert.equal(await reached(issuer.url.replace('localhost', '127.0.0.1')), false);
      assert.equal(await reached('https://elsewhere.example/'), false);
    },
    expecting(/violates the following Content Security Policy directive|Refused to connect/),
  );
});

test('an issuer that can’t be reached is said to be; another one’s ID token opens the page, and so does a key', async () => {
  const away = await Issuer.listen();
  const [gone, here] = ['ingot.access.issuers[0]', 'ingot.access.issuers[1]'];
  const own = await Server.start(
    `ingot.access.admin-key=${ADMIN}`,
    `${gone}.issuer=${away.url}`,
    `${gone}.audience=ingot`,
    `${gone}.console.client-id=console`,
    `${here}.issuer=${issuer.url}`,
    `${here}.audience=console`,
    `${here}.console.client-id=console`,
    `${here}.roles[0].claim=groups`,
    `${here}.roles[0].value=builders`,
    `${here}.roles[0].project=*`,
    `${here}.roles[0].role=read`,
  );
  await away.close();
  issuer.know(own.url(''));
  try {
    await visit(
      own.url('#/server'),
      async (page) => {
        const [awayHost, host] = [new URL(away.url).host, new URL(issuer.url).host];
        await page.getByRole('button', { name: `Sign in with ${awayHost}` }).click();
        await page.getByRole('alert').getByText('The issuer can’t be asked').waitFor();
        await page.getByRole('button', { name: `Sign in with ${host}` }).click();
        await page.getByRole('button', { name: 'I am Ann' }).click();
        await page.getByRole('heading', { name: 'Server' }).waitFor();
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.getByLabel('Key or token').fill(ADMIN);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await page.getByRole('heading', { name: 'Settings' }).waitFor();
      },
      { ...expecting(/ERR_CONNECTION/), hosts: [new URL(away.url).host, new URL(issuer.url).host] },
    );
  } finally {
    await own.close();
  }
});
