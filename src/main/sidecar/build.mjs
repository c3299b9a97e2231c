// node build.mjs <outfile>               the sidecar as one file
// node build.mjs --licenses <outfile>    the licences of the npm packages in that file
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { bundleSidecar } from './bundle.mjs';
import { licencesOf } from './licenses.mjs';

const [first, second] = process.argv.slice(2);
const onlyLicences = first === '--licenses';
const outfile = onlyLicences ? second : first;
if (outfile === undefined) {
  console.error('Usage: node build.mjs [--licenses] <outfile>');
  process.exit(2);
}

const path = resolve(outfile);
mkdirSync(dirname(path), { recursive: true });
const { metafile } = await bundleSidecar(path, !onlyLicences);
if (onlyLicences) {
  writeFileSync(path, licencesOf(Object.keys(metafile.inputs)));
} else {
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  console.log(`Bundled the sidecar: ${Math.round(bytes / 1024)} KiB`);
}
