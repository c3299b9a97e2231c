import { gzipSync } from 'node:zlib';

/**
 * Adds to each file one that is compressed, which the server gives to browsers that take it.
 *
 * @type {import('vite').Plugin}
 */
export const compressed = {
  name: 'compressed',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_, files) {
      for (const [fileName, file] of Object.entries(files)) {
        const source = file.type === 'chunk' ? file.code : file.source;
        const bytes = typeof source === 'string' ? Buffer.from(source) : source;
        if (bytes.length < 1000 || !/\.(js|css|html|svg)$/.test(fileName)) continue;
        this.emitFile({
          type: 'asset',
          fileName: `${fileName}.gz`,
          source: gzipSync(bytes, { level: 9 }),
        });
      }
    },
  },
};
