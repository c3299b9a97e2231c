// node schemathesis.mjs VERSION FOLDER    makes FOLDER a link to an installation of Schemathesis from PyPI
//
// Where it can't be had the link is left out, and the test that needs it says so.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { cached, python } from './wheel.mjs';

const [version, folder] = process.argv.slice(2);
try {
  const installed = cached(`schemathesis-${version}`, (unfinished) => {
    console.log(`Schemathesis ${version}`);
    python('-m', 'pip', 'install', '--only-binary', ':all:', '--retries', '2', '-q',
      '--target', unfinished, `schemathesis==${version}`); // prettier-ignore
  });
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(folder, { force: true });
  symlinkSync(installed, folder, 'junction');
} catch (error) {
  console.log(`Schemathesis: not from PyPI, as ${error.message}. SchemathesisIT is left out.`);
}
