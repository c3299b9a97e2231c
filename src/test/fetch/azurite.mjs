// node azurite.mjs VERSION SIDECAR FOLDER    makes one file of Azurite, the server that speaks as Azure's storage
//
// It has 450 packages, which take 360 MB; the one file takes 17. SIDECAR has the bundler. Where it can't be had the file
// is left out, and the test that needs it is skipped and says so.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cached } from './wheel.mjs';

const [version, sidecar, folder] = process.argv.slice(2);
const target = join(folder, 'azurite.cjs');

if (existsSync(target)) {
  console.log('Azurite: unchanged');
} else {
  try {
    const file = cached(join('files', `azurite-${version}.cjs`), make);
    mkdirSync(folder, { recursive: true });
    copyFileSync(file, target);
  } catch (error) {
    console.log(`Azurite: not there, as ${error.message}. What needs it is skipped.`);
  }
}

/** @param {string} unfinished */
function make(unfinished) {
  console.log(`Azurite: ${version}`);
  const packages = mkdtempSync(join(tmpdir(), 'ingot-azurite-'));
  try {
    writeFileSync(join(packages, 'package.json'), '{"private": true}');
    const { status, error, stderr } = spawnSync(
      'npm',
      ['install', `azurite@${version}`, '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'],
      { cwd: packages, encoding: 'utf8', shell: process.platform === 'win32' },
    ); // prettier-ignore
    if (status !== 0) throw new Error(`npm says: ${error?.message ?? stderr.trim()}`);
    createRequire(resolve(sidecar, 'package.json'))('esbuild').buildSync({
      entryPoints: [join(packages, 'node_modules/azurite/dist/src/blob/main.js')],
      bundle: true,
      platform: 'node',
      // A database that it could keep its list in.
      external: ['pg-hstore'],
      logLevel: 'error',
      outfile: unfinished,
    });
  } finally {
    rmSync(packages, { recursive: true, force: true });
  }
}
