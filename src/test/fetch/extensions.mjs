// node extensions.mjs VERSION FOLDER    makes FOLDER a DuckDB extension repository for the tests
//
// The extensions come from PyPI wheels, signed as in DuckDB's own repository. Where they can't be had the folder is
// left out, and DuckDB fetches from its own repository.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cached, withWheel } from './wheel.mjs';

const NAMES = ['ducklake', 'postgres_scanner', 'httpfs', 'azure'];
const SYSTEMS = { linux: 'linux', darwin: 'osx', win32: 'windows' };
const PROCESSORS = { x64: 'amd64', arm64: 'arm64' };

const [version, folder] = process.argv.slice(2);
const platform = `${SYSTEMS[process.platform]}_${PROCESSORS[process.arch]}`;
const place = join(`v${version}`, platform);
const missing = NAMES.filter((name) => !existsSync(join(folder, place, fileOf(name))));

try {
  for (const name of missing) {
    const file = cached(join('duckdb-extensions', place, fileOf(name)), (unfinished) => {
      console.log(`DuckDB extensions: ${name} ${version} for ${platform}`);
      withWheel(`duckdb-extension-${name}==${version}`, (wheel) => {
        const inside = join(
          `duckdb_extension_${name}`,
          'extensions',
          `v${version}`,
          `${name}.duckdb_extension`,
        );
        writeFileSync(unfinished, gzipSync(readFileSync(join(wheel, inside)), { level: 1 }));
      });
    });
    mkdirSync(join(folder, place), { recursive: true });
    copyFileSync(file, join(folder, place, fileOf(name)));
  }
  if (missing.length === 0) console.log('DuckDB extensions: unchanged');
} catch (error) {
  rmSync(folder, { recursive: true, force: true });
  console.log(
    `DuckDB extensions: not from PyPI, as ${error.message}. Tests take them from DuckDB's own repository.`,
  );
}

/** @param {string} name */
function fileOf(name) {
  return `${name}.duckdb_extension.gz`;
}
