// node python.mjs FOLDER REQUIREMENT...    makes FOLDER a link to an installation of packages from PyPI
//
// Where they can't be had the link is left out, and the test that needs them says so.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { cached, python } from './wheel.mjs';

const [folder, ...requirements] = process.argv.slice(2);
const names = requirements.map((requirement) => requirement.replace('==', '-'));
try {
  rmSync(folder, { force: true });
  const installed = cached(names.join('+'), (unfinished) => {
    console.log(`PyPI: ${requirements.join(' ')}`);
    python('-m', 'pip', 'install', '--only-binary', ':all:', '--retries', '2', '-q',
      '--target', unfinished, ...requirements); // prettier-ignore
  });
  mkdirSync(dirname(folder), { recursive: true });
  symlinkSync(installed, folder, 'junction');
} catch (error) {
  console.log(
    `PyPI: no ${names.join(', ')}, as ${error.message}. The tests that need it are left out.`,
  );
}
