// node test.mjs [folder]    bundles sidecar and tests into the folder (or a temporary one), runs them
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleSidecar, bundleTests } from './bundle.mjs';

const given = process.argv[2];
const folder = given === undefined ? mkdtempSync(join(tmpdir(), 'ingot-sidecar-')) : resolve(given);
const tests = join(folder, 'tests');

const names = readdirSync(join(import.meta.dirname, 'test')).filter((f) => f.endsWith('.test.ts'));
rmSync(tests, { recursive: true, force: true });
await bundleSidecar(join(folder, 'sidecar.cjs'));
await bundleTests(
  names.map((name) => join(import.meta.dirname, 'test', name)),
  tests,
);
const { status } = spawnSync(
  process.execPath,
  [
    '--enable-source-maps',
    '--test',
    '--test-reporter=spec',
    // More would only fight for the same cores: each test file starts a sidecar of its own.
    '--test-concurrency=2',
    ...names.map((name) => join(tests, name.replace(/\.ts$/, '.mjs'))),
  ],
  { stdio: 'inherit' },
);
if (given === undefined) rmSync(folder, { recursive: true });
process.exit(status ?? 1);
