// node build.mjs <outfile>               the sidecar as one file
// node build.mjs --licenses <outfile>    the licences of the npm packages in that file
// node build.mjs --sbom <file>           adds those packages to a CycloneDX document
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { bundleSidecar } from './bundle.mjs';
import { licencesOf } from './licenses.mjs';
import { withPackages } from './sbom.mjs';

const [first, second] = process.argv.slice(2);
const option = first?.startsWith('--') ? first : undefined;
const outfile = option === undefined ? first : second;
if (outfile === undefined) {
  console.error('Usage: node build.mjs [--licenses | --sbom] <file>');
  process.exit(2);
}

const path = resolve(outfile);
mkdirSync(dirname(path), { recursive: true });
const { metafile } = await bundleSidecar(path, option === undefined);
const files = Object.keys(metafile.inputs);
switch (option) {
  case undefined: {
    const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
    console.log(`Bundled the sidecar: ${Math.round(bytes / 1024)} KiB`);
    break;
  }
  case '--licenses':
    writeFileSync(path, licencesOf(files));
    break;
  case '--sbom':
    writeFileSync(path, withPackages(readFileSync(path, 'utf8'), files));
    break;
  default:
    console.error(`Unknown option ${option}`);
    process.exit(2);
}
