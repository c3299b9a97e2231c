import * as esbuild from 'esbuild';
import { join } from 'node:path';

const here = import.meta.dirname;

/**
 * Bundles the sidecar into one file.
 *
 * @param {string} outfile
 * @param {boolean} write false only collects what would be in it
 */
export function bundleSidecar(outfile, write = true) {
  return esbuild.build({
    absWorkingDir: here,
    entryPoints: [join(here, 'src', 'main.ts')],
    outfile,
    write,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Not keepNames: it is paid for with every closure, in Malloy's parser 40 % of all its time.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
}

/**
 * Bundles each test into a file of its own.
 *
 * @param {string[]} entryPoints
 * @param {string} outdir
 */
export function bundleTests(entryPoints, outdir) {
  return esbuild.build({
    absWorkingDir: here,
    entryPoints,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // For Malloy, which is CommonJS, where a test takes it in.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}
