import { bundled } from './bundled.mjs';
import { compressed } from './compressed.mjs';

const here = import.meta.dirname;

/**
 * The console, and the page within it that draws results. They share no file.
 *
 * @type {((outDir: string, notes: string) => import('vite').InlineConfig)[]}
 */
export const PAGES = ['index', 'render'].map(
  (name) => (outDir, notes) => page(outDir, notes, name),
);

/**
 * @param {string} outDir
 * @param {string} notes
 * @param {string} name
 * @returns {import('vite').InlineConfig}
 */
function page(outDir, notes, name) {
  return {
    root: here,
    configFile: false,
    logLevel: 'warn',
    // Beside the page, wherever a proxy shows it.
    base: './',
    plugins: [bundled(`${notes}/${name}.json`), compressed],
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: `${here}/${name}.html` },
    },
  };
}
