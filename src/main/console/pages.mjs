import { bundled } from './bundled.mjs';
import { compressed } from './compressed.mjs';

const here = import.meta.dirname;

/**
 * The console, and the page within it that draws results. That one is a plain script: it runs in
 * a frame without an origin of its own, for which a module would have to be asked for by CORS.
 *
 * @type {((outDir: string, notes: string) => import('vite').InlineConfig)[]}
 */
export const PAGES = [
  (outDir, notes) => page(outDir, notes, 'index', {}),
  (outDir, notes) => page(outDir, notes, 'render', { format: 'iife' }, [plainScript]),
];

/**
 * @param {string} outDir
 * @param {string} notes
 * @param {string} name
 * @param {import('rolldown').OutputOptions} output
 * @param {import('vite').Plugin[]} plugins
 * @returns {import('vite').InlineConfig}
 */
function page(outDir, notes, name, output, plugins = []) {
  return {
    root: here,
    configFile: false,
    logLevel: 'warn',
    // Beside the page, wherever a proxy shows it.
    base: './',
    plugins: [...plugins, bundled(`${notes}/${name}.json`), compressed],
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: `${here}/${name}.html`, output },
    },
  };
}

/** @type {import('vite').Plugin} */
const plainScript = {
  name: 'plain-script',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace('type="module" crossorigin', 'defer'),
  },
};
