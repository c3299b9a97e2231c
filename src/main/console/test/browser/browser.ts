import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type Frame,
  type Page,
} from 'playwright-core';
import { BROWSER, SCREENSHOTS } from './server';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How long a page may take for something, in milliseconds: the machine may be busy. */
const PATIENCE = 30_000;

let browser: Browser | undefined;

export async function open(): Promise<Browser> {
  browser ??= await chromium.launch({
    executablePath: BROWSER,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  return browser;
}

export async function close(): Promise<void> {
  await browser?.close();
  browser = undefined;
}

/**
 * A page whose console is heard: at its end nothing may have gone against its policy, no error may
 * have been thrown, and no other host may have been asked.
 *
 * @param options what of the page's context is another, which errors are expected, and which other
 *     hosts may be asked
 */
export async function visit(
  url: string,
  work: (page: Page) => Promise<void>,
  options: BrowserContextOptions & { expected?: RegExp; hosts?: string[] } = {},
): Promise<void> {
  const { expected, hosts = [], ...rest } = options;
  const context = await (
    await open()
  ).newContext({ locale: 'en-GB', timezoneId: 'Asia/Tokyo', ...rest });
  context.setDefaultTimeout(PATIENCE);
  const heard: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => heard.push(`thrown: ${error.message}`));
  page.on('dialog', (dialog) => {
    heard.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') heard.push(message.text());
  });
  const known = [new URL(url).host, ...hosts];
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (!/^(data|blob):$/.test(asked.protocol) && !known.includes(asked.host)) {
      heard.push(`another host was asked: ${request.url()}`);
    }
  });
  try {
    await page.goto(url);
    await work(page);
    assert.deepEqual(
      heard.filter((text) => !expected?.test(text)),
      [],
    );
  } catch (error) {
    await shot(page, `failed-${Date.now()}`);
    const seen = `${page.url()}\n${heard.join('\n')}\n${await page.innerText('body').catch(String)}`;
    throw new Error(`${String(error)}\nThe page was: ${seen}`, { cause: error });
  } finally {
    await context.close();
  }
}

export async function shot(page: Page, name: string, fullPage = false): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage });
}

/** What axe has against a page: rules, and where they are broken. */
export async function violations(
  page: Page | Frame,
  options: { runOnly?: string[] } = {},
): Promise<string[]> {
  // Within the page, as the tests' own: the policy is for what the server sends.
  await page.evaluate(AXE);
  return page.evaluate(async (asked) => {
    const { axe } = globalThis as unknown as {
      axe: {
        run: (options: unknown) => Promise<{
          violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
        }>;
      };
    };
    const found = await axe.run({ resultTypes: ['violations'], ...asked });
    return found.violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`,
    );
  }, options);
}

/** Waits until a page says something. */
export async function says(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor();
}
