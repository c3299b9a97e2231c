import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const PACKAGE = /^(?:.*\/)?node_modules\/(@[^/]+\/[^/]+|[^/]+)\//;

/**
 * The folders of the npm packages that the given files belong to.
 *
 * @param {string[]} files paths relative to the folder, as in esbuild's metafile
 * @param {string} root the folder
 */
export function foldersOf(files, root = here) {
  const folders = new Set(files.flatMap((file) => PACKAGE.exec(file)?.[0] ?? []));
  return [...folders].map((folder) => join(root, folder));
}

/**
 * @param {string} folder
 * @returns {{name: string, version: string, license?: string}}
 */
export function manifestOf(folder) {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- npm checked it at installation
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
