import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { foldersOf, manifestOf } from './packages.mjs';

const LICENCE_FILE = /^(licen[cs]e|notice|copying)([.-].*)?$/i;

/**
 * The licence texts of the npm packages that the given files belong to.
 *
 * @param {string[]} files paths relative to the folder, as in esbuild's metafile
 * @param {string} [root] the folder; absent: this one
 */
export function licencesOf(files, root) {
  const sections = foldersOf(files, root).map((folder) => section(folder));
  return sections.sort().join('\n');
}

/** @param {string} folder */
function section(folder) {
  const { name, version, license } = manifestOf(folder);
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (license === undefined && texts.length === 0) {
    throw new Error(`${name} ${version} names no licence; it cannot go into the bundle.`);
  }
  const missing = '(The package holds no licence text; its package.json names this licence.)';
  const body = texts.length > 0 ? texts.join('\n\n') : missing;
  const title = `${name} ${version} (${license ?? 'see below'})`;
  return `${title}\n${'='.repeat(title.length)}\n\n${body}\n`;
}
