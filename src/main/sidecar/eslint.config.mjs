import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig({ ignores: ['node_modules'] }, tseslint.configs.strictTypeChecked, {
  languageOptions: {
    parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
  },
  rules: {
    // The runner itself waits for a test.
    '@typescript-eslint/no-floating-promises': [
      'error',
      { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: 'test' }] },
    ],
    // Numbers in messages are line numbers, sizes and ids: they print as one expects.
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  },
});
