import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;

/** Packages that come with what they depend on within their own files. */
const WHOLE = ['node_modules/@malloydata/render/'];

/**
 * The files, and one of each package that those of a whole package were made of.
 *
 * @param {string[]} files paths relative to this folder
 */
export function withBundled(files) {
  /** @type {Map<string, string>} */
  const folders = new Map();
  for (const folder of WHOLE) {
    if (files.some((file) => file.startsWith(folder))) walk(folder, folders);
  }
  return [...files, ...[...folders.values()].map((folder) => `${folder}package.json`)];
}

/**
 * @param {string} folder
 * @param {Map<string, string>} into the folder of each name and version
 */
function walk(folder, into) {
  const { name, version, dependencies = {} } = manifest(folder);
  const id = `${name} ${version}`;
  if (into.has(id)) return;
  into.set(id, folder);
  for (const dependency of Object.keys(dependencies)) {
    const inner = `${folder}node_modules/${dependency}/`;
    walk(existsSync(join(here, inner)) ? inner : `node_modules/${dependency}/`, into);
  }
}

/**
 * @param {string} folder
 * @returns {{ name: string, version: string, dependencies?: Record<string, string> }}
 */
function manifest(folder) {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- npm checked it at installation
  return JSON.parse(readFileSync(join(here, folder, 'package.json'), 'utf8'));
}
