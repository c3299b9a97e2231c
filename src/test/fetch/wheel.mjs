// What the tests need of PyPI, kept in the user's cache folder so that clean and fresh clones fetch nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** @returns {string} this user's cache folder of Ingot's build */
export function cacheFolder() {
  const ofPlatform = {
    darwin: join(homedir(), 'Library', 'Caches'),
    win32: process.env.LOCALAPPDATA,
  };
  const base =
    process.env.XDG_CACHE_HOME || ofPlatform[process.platform] || join(homedir(), '.cache');
  return join(base, 'ingot-build');
}

/**
 * The cached file or folder, made on the first call.
 *
 * @param {string} file its place in the cache
 * @param {(unfinished: string) => void} make writes it
 * @returns {string} its path
 */
export function cached(file, make) {
  const path = join(cacheFolder(), file);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    // Renamed when it is whole: another build may look at the same time.
    const unfinished = `${path}.${process.pid}`;
    try {
      make(unfinished);
      renameSync(unfinished, path);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return path;
}

/**
 * Fetches a wheel and lets somebody use what it holds.
 *
 * @template T
 * @param {string} requirement such as name==1.0
 * @param {(folder: string) => T} use gets the folder that it is unpacked in, which goes afterwards
 * @returns {T}
 * @throws {Error} with a sentence when it can't be had
 */
export function withWheel(requirement, use) {
  const folder = mkdtempSync(join(tmpdir(), 'ingot-wheel-'));
  try {
    python('-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:', '--retries', '2', '-q',
      '-d', join(folder, 'wheel'), requirement); // prettier-ignore
    const [wheel] = readdirSync(join(folder, 'wheel'));
    python('-m', 'zipfile', '-e', join(folder, 'wheel', wheel), join(folder, 'content'));
    return use(join(folder, 'content'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {...string} args
 * @throws {Error} with a sentence when it fails
 */
export function python(...args) {
  const { status, error, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
  if (error) throw new Error(`python3 doesn't start (${error.message})`);
  if (status !== 0) {
    const said = stderr.trim().split('\n').filter(Boolean);
    throw new Error(
      `python3 ${args.slice(0, 3).join(' ')} says: ${said.at(-1) ?? `exit code ${status}`}`,
    );
  }
}
