// node build.mjs <folder> <notes>                         the console into the folder, and what is in it into the notes,
//                                                         unless nothing has changed since the last time
// node build.mjs <folder> <notes> --licenses <outfile>    the licences of the npm packages that are in it
// node build.mjs <folder> <notes> --sbom <file>           adds those packages to a CycloneDX document
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build } from 'vite';
import { licencesOf } from '../sidecar/licenses.mjs';
import { withPackages } from '../sidecar/sbom.mjs';
import { withBundled } from './dependencies.mjs';
import { PAGES } from './pages.mjs';

const here = import.meta.dirname;
const [outDir, notesDir, option, file = ''] = process.argv.slice(2);
if (outDir === undefined || notesDir === undefined || (option !== undefined && file === '')) {
  console.error('Usage: node build.mjs <folder> <notes> [--licenses <outfile> | --sbom <file>]');
  process.exit(2);
}

const folder = resolve(outDir);
const notes = resolve(notesDir);
const stamp = join(notes, 'inputs');
switch (option) {
  case undefined:
    await buildAnew();
    break;
  case '--licenses':
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, licencesOf(bundledFiles(), here));
    break;
  case '--sbom':
    writeFileSync(file, withPackages(readFileSync(file, 'utf8'), bundledFiles(), here));
    break;
  default:
    console.error(`Unknown option ${option}`);
    process.exit(2);
}

async function buildAnew() {
  const inputs = hash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs && existsSync(folder)) {
    console.log('Console: unchanged, nothing to build');
    return;
  }
  rmSync(folder, { recursive: true, force: true });
  rmSync(notes, { recursive: true, force: true });
  mkdirSync(notes, { recursive: true });
  for (const page of PAGES) await build(page(folder, notes));
  writeFileSync(stamp, inputs);
  console.log('Console: built');
}

function hash() {
  const sum = createHash('sha256');
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/^(node_modules|test)\b/.test(name))
    .filter((name) => statSync(join(here, name)).isFile());
  for (const name of files.sort()) {
    sum
      .update(name)
      .update('\0')
      .update(readFileSync(join(here, name)));
  }
  return sum.digest('hex');
}

/** What went into the pages, and what the packages among it have bundled themselves. */
function bundledFiles() {
  const names = readdirSync(notes).filter((name) => name.endsWith('.json'));
  return withBundled(names.flatMap((name) => listed(join(notes, name))));
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function listed(path) {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- bundled.mjs has written it
  return JSON.parse(readFileSync(path, 'utf8'));
}
