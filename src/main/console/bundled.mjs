import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

const here = import.meta.dirname;

/**
 * Writes down which files went into a page, for the licences and the list of what the jar is made
 * of.
 *
 * @param {string} file
 * @returns {import('vite').Plugin}
 */
export function bundled(file) {
  return {
    name: 'bundled',
    generateBundle(_, output) {
      const modules = Object.values(output)
        .flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))
        .filter((id) => id.startsWith(here))
        .map((id) => relative(here, id));
      writeFileSync(file, JSON.stringify(modules.sort()));
    },
  };
}
