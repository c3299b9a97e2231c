// node test.mjs            bundles and runs what needs no browser
// node test.mjs browser    what needs one, against servers: see test/browser/server.ts
// node test.mjs <kind> <part of a file's name>
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';

const here = import.meta.dirname;
const kind = process.argv[2] ?? 'unit';
const folder = join(here, 'test', kind);
// Beside the packages, where what isn't bundled is found.
const out = join(here, 'node_modules', `.tests-${kind}-${process.pid}`);
const only = process.argv[3] ?? '';
const names = readdirSync(folder).filter(
  (name) => name.endsWith('.test.ts') && name.includes(only),
);

mkdirSync(out, { recursive: true });
try {
  await build({
    input: names.map((name) => join(folder, name)),
    platform: 'node',
    external: ['playwright-core', 'oidc-provider'],
    logLevel: 'warn',
    output: { dir: out, format: 'esm', entryFileNames: '[name].mjs', sourcemap: true },
  });
  const { status } = spawnSync(
    process.execPath,
    [
      '--enable-source-maps',
      '--test',
      '--test-reporter=spec',
      '--test-concurrency=1',
      ...names.map((name) => join(out, name.replace(/\.ts$/, '.mjs'))),
    ],
    { stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(out, { recursive: true });
}
