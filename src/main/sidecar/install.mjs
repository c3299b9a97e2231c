// node install.mjs [folder]    npm ci here or there, but only when something has changed since the last one
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const here = resolve(process.argv[2] ?? import.meta.dirname);
const stamp = join(here, 'node_modules', '.installed');
const files = ['package-lock.json', 'package.json'];

if (files.every(unchanged)) {
  console.log('npm packages: unchanged, nothing to install');
} else {
  console.log('npm packages: npm ci');
  // npm ci starts by removing node_modules, and the stamp in it: a broken install leaves none.
  const { status, error } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
    {
      cwd: here,
      stdio: 'inherit',
      // On Windows npm is a script.
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) {
    const needed = 'Node 20 or newer, with npm, is needed on the PATH';
    const reason = error ? `${error.message}. ${needed}` : `npm ci ended with ${String(status)}`;
    console.error(`npm packages: ${reason}.`);
    process.exit(1);
  }
  mkdirSync(stamp);
  for (const file of files) copyFileSync(join(here, file), join(stamp, file));
}

/** @param {string} file */
function unchanged(file) {
  const copy = join(stamp, file);
  return existsSync(copy) && readFileSync(copy).equals(readFileSync(join(here, file)));
}
